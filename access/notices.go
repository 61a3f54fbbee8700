package access

// Notices is how much somebody wants to be told in messages of their own.
type Notices string

// What can be preferred. Whatever it is, nobody waits for what waits for them.
const (
	NoticesAll      Notices = "all"
	NoticesOutcomes Notices = "outcomes" // how something came out, and nothing on the way
	NoticesDaily    Notices = "daily"    // one message a day
)

// Valid tells whether it can be preferred.
func (n Notices) Valid() bool {
	return n == NoticesAll || n == NoticesOutcomes || n == NoticesDaily
}
