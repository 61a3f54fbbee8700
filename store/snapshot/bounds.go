package snapshot

// Bounds of what pages hold. A reader goes by its own, which are wider.
const (
	rowsPerPage   = 512
	rowsAtMost    = 1 << 14
	listAtMost    = 255     // conflicts and reviewers of one row
	textAtMost    = 1 << 12 // bytes of an id or a word
	peoplePerPage = 256
	peopleAtMost  = 1 << 31 // numbers of people are below
	groupAtMost   = 1 << 31 // rows of one group
)
