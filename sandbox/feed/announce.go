package feed

// Announce changes a world: it runs change on the world's state, by view, and then tells onChange, outside the world's
// lock, if the feed has grown by it. seq is how far the feed of a state has come.
func Announce[S any](view func(func(S)), seq func(S) uint64, change func(S), onChange func()) {
	grown := false
	view(func(s S) {
		before := seq(s)
		change(s)
		grown = seq(s) != before
	})
	if grown {
		onChange()
	}
}
