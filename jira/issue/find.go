package issue

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/jira/rest"
	"latchkey/jira/site"
	"latchkey/jira/stamp"
)

// finder looks for issues that an attempt of unknown outcome may have made: Jira
// offers no idempotency key.
type finder struct {
	api   *rest.Client
	sites *site.Discoverer
	lag   time.Duration
	born  time.Time              // an attempt this process knows nothing of was made before
	tried *rest.Cache[time.Time] // request id -> latest attempt to create its issue
}

// begins notes that an attempt is being made.
func (f *finder) begins(id string) { f.tried.Put(id, f.api.Now()) }

// resolved notes that nothing is unclear about an id any more.
func (f *finder) resolved(id string) { f.tried.Drop(id) }

// find looks for the issue with an id that an earlier attempt may have made.
// None without an error says that there is none and that this is certain.
func (f *finder) find(ctx context.Context, s *site.Site, id string, since time.Time) (Created, error) {
	if tried, ok := f.tried.Get(id); ok && since.IsZero() {
		since = tried
	}
	if since.IsZero() {
		return Created{}, nil
	}
	found, err := f.look(ctx, s, id, since)
	if err != nil || found.Key != "" {
		return found, stillUnclear(err)
	}
	if wait := f.latest(id, since).Add(f.lag).Sub(f.api.Now()); wait > 0 {
		return Created{}, &access.Failure{Class: access.Unclear, After: min(wait, rest.UnclearWait),
			Sentence: "It isn't certain yet whether Jira opened the issue of " + id + "; Latchkey keeps looking before it opens another"}
	}
	found, err = f.lookAllowed(ctx, s, id, since)
	return found, stillUnclear(err)
}

// lookAllowed looks once more after Jira said that Latchkey may see the project: whoever may not is
// shown nothing, as if there were nothing.
func (f *finder) lookAllowed(ctx context.Context, s *site.Site, id string, since time.Time) (Created, error) {
	if err := f.sites.MayBrowse(ctx); err != nil {
		return Created{}, err
	}
	return f.look(ctx, s, id, since)
}

// latest is when the issue may have been attempted last: by this process if it
// has tried, else at any time until it was made.
func (f *finder) latest(request string, since time.Time) time.Time {
	last, ok := f.tried.Get(request)
	if !ok {
		last = f.born
	}
	if since.After(last) {
		return since
	}
	return last
}

// stillUnclear keeps the class that makes the next attempt look again.
func stillUnclear(err error) error {
	if err == nil {
		return nil
	}
	f := *access.Classify(err)
	if f.Class == access.Transient {
		f.Class, f.After = access.Unclear, cmp.Or(f.After, rest.UnclearWait)
	}
	return &f
}

// look looks in the search, then under the keys that came after the attempt.
func (f *finder) look(ctx context.Context, s *site.Site, id string, since time.Time) (Created, error) {
	hits, err := f.api.Search(ctx, fmt.Sprintf(`project = %s AND summary ~ %s ORDER BY key ASC`, rest.Quote(s.Project), rest.Quote(rest.Quote(id))), 50)
	if err != nil {
		return Created{}, err
	}
	if found, ok := pick(s, hits, id); ok {
		return found, nil
	}
	return f.probe(ctx, s, id, since)
}

// probe reads the issues behind the newest one that is surely older than the
// attempt, however many there are. Reading by key does not go through the search
// index, which only says whether there is anything behind keys that are gone.
func (f *finder) probe(ctx context.Context, s *site.Site, id string, since time.Time) (Created, error) {
	ago := f.api.Now().Sub(since) + rest.IndexMargin
	base, err := f.api.Search(ctx, fmt.Sprintf(`project = %s AND created <= "-%s" ORDER BY created DESC`, rest.Quote(s.Project), rest.Period(ago)), 1)
	if err != nil {
		return Created{}, err
	}
	next := 1
	if len(base) > 0 {
		next = base[0].Number() + 1
	}
	for {
		hits, err := f.api.NextIssues(ctx, s.Project, next)
		if err != nil {
			return Created{}, err
		}
		if found, ok := pick(s, hits, id); ok {
			return found, nil
		}
		next += rest.BulkSize
		if len(hits) > 0 {
			continue
		}
		newest, err := f.api.Search(ctx, fmt.Sprintf("project = %s ORDER BY key DESC", rest.Quote(s.Project)), 1)
		if err != nil || len(newest) == 0 || newest[0].Number() < next {
			return Created{}, err
		}
	}
}

// pick finds the oldest issue that Latchkey made for the request. Others may
// have copied the marker into an issue of their own.
func pick(s *site.Site, hits []rest.FoundIssue, id string) (Created, bool) {
	var best rest.FoundIssue
	for _, h := range hits {
		if h.Fields.Creator.AccountID == s.AccountID && strings.Contains(h.Fields.Summary, stamp.Marker(id)) &&
			(best.Key == "" || h.Number() < best.Number()) {
			best = h
		}
	}
	return Created{ID: best.ID, Key: best.Key}, best.Key != ""
}
