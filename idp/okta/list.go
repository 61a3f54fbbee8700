package okta

import (
	"context"
	"fmt"
	"iter"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"
)

// firstPage is the SDK call that begins a listing.
type firstPage[T any] func(context.Context, *sdk.Client) ([]T, *sdk.Response, error)

// pager reads a listing page by page.
type pager[T any] struct {
	api   *api
	what  string // what is read, as in "list the group rules"
	first firstPage[T]
	last  *sdk.Response // of the page read last; nil before the first
	seen  map[string]bool
	idle  int                                      // pages in a row that brought nothing new
	note  func(page []T, resp *sdk.Response) error // is told of each page as it comes, unless nil
}

// idlePages is how many pages in a row may bring nothing new: accounts move between pages while they are read.
const idlePages = 3

// next reads the next page; before the first it reads that.
func (p *pager[T]) next(ctx context.Context) (page []T, err error) {
	var here *sdk.Response
	err = p.api.call(ctx, p.what, func(ctx context.Context, c *sdk.Client) (resp *sdk.Response, err error) {
		page = nil // a fresh one: decoding into the last would overwrite what it shares
		if p.last == nil {
			page, resp, err = p.first(ctx, c)
		} else {
			resp, err = p.last.Next(ctx, &page)
		}
		here = resp
		return resp, err
	})
	if err == nil {
		err = p.turn(page, here)
	}
	return page, err
}

// turn fails for a list that never ends, because the same comes again and again.
func (p *pager[T]) turn(page []T, resp *sdk.Response) error {
	if p.seen == nil {
		p.seen = map[string]bool{}
	}
	p.idle++
	for _, one := range page {
		if id := idOf(one); id == "" || !p.seen[id] {
			p.seen[id], p.idle = true, 0
		}
	}
	round := p.last != nil && p.last.NextPage == resp.NextPage && resp.NextPage != ""
	if round || p.idle > idlePages && resp.NextPage != "" {
		return fmt.Errorf("%s: cannot %s: Okta's pages go round in circles after %d entries, look for a proxy that keeps answers or joins Link headers; it will be tried again", p.api.cfg.ID, p.what, len(p.seen))
	}
	p.last = resp
	if p.note != nil {
		return p.note(page, resp)
	}
	return nil
}

// idOf is what tells one entry of a listing from another; empty where nothing does.
func idOf(one any) string {
	switch one := one.(type) {
	case *sdk.User:
		return one.Id
	case member:
		return one.Id
	case *sdk.Group:
		return one.Id
	case *sdk.Application:
		return one.Id
	case *sdk.ApplicationGroupAssignment:
		return one.Id
	case *sdk.AppUser:
		return one.Id
	case *sdk.GroupRule:
		return one.Id
	case *sdk.LogEvent:
		return one.Uuid
	}
	return ""
}

func (p *pager[T]) more() bool { return p.last == nil || p.last.HasNextPage() }

// rest goes on from a page that was read already. An error is the last thing it yields.
func (p *pager[T]) rest(ctx context.Context, page []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			for _, one := range page {
				if !yield(one, nil) {
					return
				}
			}
			if !p.more() {
				return
			}
			var err error
			if page, err = p.next(ctx); err != nil {
				var none T
				yield(none, err)
				return
			}
		}
	}
}

// list collects all pages of a listing.
func list[T any](ctx context.Context, org *api, what string, first firstPage[T]) ([]T, error) {
	var all []T
	for p := (&pager[T]{api: org, what: what, first: first}); p.more(); {
		page, err := p.next(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
	}
	return all, nil
}
