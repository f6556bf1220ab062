"""From what students hand in to their results: intake, sandbox and scheduling."""
