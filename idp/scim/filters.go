package scim

import (
	"context"
	"net/url"
	"slices"
	"sync"
	"time"
)

// trustedFor is how long a filter that was seen to find something is trusted to find nothing.
const trustedFor = time.Hour

// distrustedFor is how long it is taken for known that none does. The server may have had a bad moment.
const distrustedFor = 10 * time.Minute

// sampled is how many entries are looked at for one by which a filter can be tried.
const sampled = 20

// filters are the filters that this server was seen to find something by. There are servers that answer a filter
// they don't know with nobody, with everybody, or with an error; so a filter that finds nobody proves nothing until
// it has found somebody who is known to be there.
type filters struct {
	*api

	mu     sync.Mutex
	proven map[string]provenFilter // by what is looked for
}

// provenFilter makes the filter for a value; nil: none was seen to work.
type provenFilter struct {
	make  func(value string) string
	until time.Time
}

// samples are values of an entry by each of which a filter should find it; one that does is enough.
type samples func(resource) []string

// provenFor is the filter that finds by a kind of value, or nil if there is none to be relied on.
func (f *filters) provenFor(ctx context.Context, kind, endpoint string, forms []func(string) string, valuesOf samples) (func(string) string, error) {
	now := f.cfg.Clock.Now()
	f.mu.Lock()
	known, fresh := f.proven[kind]
	f.mu.Unlock()
	if fresh && now.Before(known.until) {
		return known.make, nil
	}
	found, tried, err := f.try(ctx, endpoint, forms, valuesOf)
	if err != nil || !tried {
		return nil, err
	}
	until := now.Add(trustedFor)
	if found == nil {
		until = now.Add(distrustedFor)
		f.cfg.Logger.WarnContext(ctx, "the server's filters don't find whoever is there, so all are gone through", "directory", f.cfg.ID, "by", kind)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.proven == nil {
		f.proven = map[string]provenFilter{}
	}
	f.proven[kind] = provenFilter{found, until}
	return found, nil
}

// try tries forms of a filter on an entry that is there. Not tried: there is no entry to try them on.
func (f *filters) try(ctx context.Context, endpoint string, forms []func(string) string, valuesOf samples) (found func(string) string, tried bool, err error) {
	page, err := f.page(ctx, "look whether filters work", endpoint, url.Values{"excludedAttributes": {"members"}}, 1, sampled)
	if err != nil {
		return nil, false, err
	}
	for _, r := range page.Resources {
		values := slices.DeleteFunc(valuesOf(r), func(v string) bool { return v == "" })
		for _, value := range values {
			for _, form := range forms {
				works, err := f.finds(ctx, endpoint, form(value), r.id(), *page.TotalResults)
				if err != nil || works {
					return form, true, err
				}
			}
		}
		if len(values) > 0 {
			return nil, true, nil
		}
	}
	return nil, false, nil
}

// finds tells whether a filter finds an entry, and not simply whatever there is, which are so many.
func (f *filters) finds(ctx context.Context, endpoint, filter, id string, others int) (bool, error) {
	page, err := f.page(ctx, "look whether filters work", endpoint, url.Values{"filter": {filter}, "excludedAttributes": {"members"}}, 1, sampled)
	switch {
	case unfiltered(err):
		return false, nil
	case err != nil:
		return false, err
	case others > 1 && *page.TotalResults >= others:
		return false, nil
	}
	for _, r := range page.Resources {
		if r.id() == id {
			return true, nil
		}
	}
	return false, nil
}

// unfiltered tells that a server doesn't take a filter. Some fail over it instead.
func unfiltered(err error) bool {
	return refusedAs(err, kindFilter, kindPath, kindValue, kindTooMany) || refusedWith(err, 400, 500, 501)
}

// search finds the entries of an endpoint that fit, by a filter that was seen to work, else among all.
func (f *filters) search(ctx context.Context, what, kind, endpoint, value string, forms []func(string) string, valuesOf samples) ([]resource, error) {
	filter, err := f.provenFor(ctx, kind, endpoint, forms, valuesOf)
	if err != nil {
		return nil, err
	}
	query := url.Values{}
	if filter != nil {
		query.Set("filter", filter(value))
	}
	return f.list(ctx, what, endpoint, query)
}

// otherCase is a text with its letters in the other case, so that a server which minds it is noticed; "" for a text
// without letters.
func otherCase(text string) string {
	b, letters := []byte(text), false
	for i, c := range b {
		switch {
		case 'a' <= c && c <= 'z':
			b[i], letters = c-'a'+'A', true
		case 'A' <= c && c <= 'Z':
			b[i], letters = c-'A'+'a', true
		}
	}
	if !letters {
		return ""
	}
	return string(b)
}
