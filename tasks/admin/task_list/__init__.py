"""The list of tasks: columns, filters, what is done to many at once, and the export."""
