package idp

import (
	"context"

	"latchkey/limit"
)

// The priorities of calls that wait for the same rate limit. Taking access away is never kept waiting by
// giving it, and giving it never by looking around.
const (
	Read     = limit.Background // what a context without a priority has
	Addition = limit.Ordinary
	Removal  = limit.Urgent
)

type priorityKey struct{}

// WithPriority marks the calls made with the context. Add and Remove mark their own.
func WithPriority(ctx context.Context, p limit.Priority) context.Context {
	return context.WithValue(ctx, priorityKey{}, p)
}

// PriorityOf is the priority of a context's calls, for the rate limiter of a directory.
func PriorityOf(ctx context.Context) limit.Priority {
	p, _ := ctx.Value(priorityKey{}).(limit.Priority)
	return p
}
