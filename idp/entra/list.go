package entra

import (
	"context"
	"fmt"
	"iter"
	"net/url"

	"latchkey/idp"
)

// page is one page of a list.
type page[T any] struct {
	Value []T    `json:"value"`
	Next  string `json:"@odata.nextLink"`
	Count *int   `json:"@odata.count"`
}

// pager reads a list page by page. A page may be empty and not the last. A list that breaks off, also because the mark
// of a page has expired meanwhile, is read anew by whoever needs it.
type pager[T any] struct {
	api   *api
	what  string // what is read, as in "list the groups"
	first exchange
	read  int
	link  string // to the next page; "" after the last, or before the first
	seen  map[string]bool
	note  func(page[T]) error // is told of each page as it comes, unless nil
}

func newPager[T any](a *api, what string, first exchange) *pager[T] {
	return &pager[T]{api: a, what: what, first: first, seen: map[string]bool{}}
}

func (p *pager[T]) more() bool { return p.read == 0 || p.link != "" }

// next reads the next page. A list that leads back to where it was never ends, and is refused.
func (p *pager[T]) next(ctx context.Context) (page[T], error) {
	x := p.first
	if p.link != "" {
		x = exchange{link: p.link, eventual: p.first.eventual}
	}
	var got page[T]
	if err := p.api.call(ctx, p.what, x, &got); err != nil {
		return page[T]{}, err
	}
	if p.read++; got.Next != "" && p.seen[got.Next] {
		return page[T]{}, fmt.Errorf("%s: cannot %s: Graph's pages go round in circles, look for a proxy that keeps answers; it will be tried again", p.api.cfg.ID, p.what)
	}
	if got.Value == nil {
		return page[T]{}, fmt.Errorf("%s: cannot %s: %w", p.api.cfg.ID, p.what, &idp.Unintelligible{What: "Graph's answer has no list in it; it will be tried again"})
	}
	p.link, p.seen[got.Next] = got.Next, true
	if p.note != nil {
		if err := p.note(got); err != nil {
			return page[T]{}, fmt.Errorf("%s: cannot %s: %w", p.api.cfg.ID, p.what, err)
		}
	}
	return got, nil
}

// rest goes on from a page that was read already. An error is the last thing it yields.
func (p *pager[T]) rest(ctx context.Context, here page[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			for _, one := range here.Value {
				if !yield(one, nil) {
					return
				}
			}
			if !p.more() {
				return
			}
			var err error
			if here, err = p.next(ctx); err != nil {
				var none T
				yield(none, err)
				return
			}
		}
	}
}

// list collects all pages of a list.
func list[T any](ctx context.Context, a *api, what string, first exchange) ([]T, error) {
	var all []T
	for p := newPager[T](a, what, first); p.more(); {
		got, err := p.next(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, got.Value...)
	}
	return all, nil
}

// options are the query of a call, of names and values in turn.
func options(pairs ...string) url.Values {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return q
}
