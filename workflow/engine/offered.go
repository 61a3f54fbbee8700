package engine

import (
	"context"

	"latchkey/catalog"
)

// offeredKey is where a context holds the catalogue that all under it goes by.
type offeredKey struct{}

// hold has all that is done under a context go by a catalogue, unless it goes by one already.
func hold(ctx context.Context, c *catalog.Catalog) context.Context {
	if held(ctx) != nil || c == nil {
		return ctx
	}
	return context.WithValue(ctx, offeredKey{}, c)
}

// Offered is what may be asked for: by the catalogue that a context holds, or else as it is now; nil where there is none.
func Offered(ctx context.Context, now func() *catalog.Catalog) *catalog.Catalog {
	if c := held(ctx); c != nil {
		return c
	}
	if now == nil {
		return nil
	}
	return now()
}

func held(ctx context.Context) *catalog.Catalog {
	c, _ := ctx.Value(offeredKey{}).(*catalog.Catalog)
	return c
}
