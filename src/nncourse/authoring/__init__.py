"""From a master notebook to what is handed out to students."""
