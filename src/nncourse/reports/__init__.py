"""From results to tables, feedback and the teacher's report."""
