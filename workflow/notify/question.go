package notify

// Question is what IT is asked in a message, to be answered by a button there.
type Question struct {
	Kind QuestionKind
	ID   string
}

// QuestionKind says what is asked.
type QuestionKind string

// AskBirthrights asks whether much that comes by birthrights at once is meant.
const AskBirthrights QuestionKind = "birthrights"
