package idp

import "context"

// Priority orders calls that wait for the same rate limit; higher goes first, equals in order of arrival.
type Priority int

// Taking access away is never kept waiting by giving it, and giving it never by looking around.
const (
	Read Priority = iota // what a context without a priority has
	Addition
	Removal
)

type priorityKey struct{}

// WithPriority marks the calls made with the context. Add and Remove mark their own.
func WithPriority(ctx context.Context, p Priority) context.Context {
	return context.WithValue(ctx, priorityKey{}, p)
}

func priorityOf(ctx context.Context) Priority {
	p, _ := ctx.Value(priorityKey{}).(Priority)
	return p
}
