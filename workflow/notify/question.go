package notify

import "latchkey/workflow/engine"

// Question is what IT is asked in a message, to be answered by a button there.
type Question struct {
	Kind QuestionKind
	ID   string
}

// QuestionKind says what is asked.
type QuestionKind string

// AskBirthrights asks whether much that comes by birthrights at once is meant.
const AskBirthrights QuestionKind = "birthrights"

// Ask is Announce to the IT channel of something that is answered there.
func Ask(u *engine.Unit, marker string, q Question, title string, lines ...string) error {
	return enqueueMessage(u, marker, message{Title: title, Lines: lines, Question: &q})
}
