"""From a master notebook to what students receive."""
