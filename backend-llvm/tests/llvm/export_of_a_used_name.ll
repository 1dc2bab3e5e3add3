; error: the export cannot be called `malloc`: the program uses the C symbol of that name
