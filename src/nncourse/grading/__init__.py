"""From submissions to results: intake, sandbox, judge and scheduling."""
