package pack

// Cell is a text as a cell of a CSV holds it.
func Cell(text string) string { return cell(text) }

// Clean is a text as people see it.
func Clean(text string) string { return clean(text) }
