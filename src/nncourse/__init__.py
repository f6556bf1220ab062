"""The course: assignments, their checks, and a grader that runs each submission in a sandbox."""
