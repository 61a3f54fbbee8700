package recovery

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/evidence/note"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// judge decides what can be believed.
type judge struct {
	found    Found
	reading  evidence.Reading
	now      time.Time
	listed   []Conflict
	named    map[evidence.HeadKey]bool // of requests that some issue names
	unproven int
	epoch    int // of the newest log that was seen
}

func (s *Service) newJudge(ctx context.Context, found Found) (*judge, error) {
	j := &judge{found: found, reading: evidence.Reading{Trust: found.Trust}, now: s.units.Now(), named: map[evidence.HeadKey]bool{}}
	j.newest(found.Heads.Log)
	err := s.units.View(ctx, func(tx store.Tx) error {
		site, err := store.LoadTenant(tx, access.SystemJira)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		j.reading.Site = site.Tenant
		return err
	})
	return j, err
}

// newest notes a log that was seen.
func (j *judge) newest(log string) {
	if _, n, err := note.Epoch(log); err == nil {
		j.epoch = max(j.epoch, n)
	}
}

// all are the cases that are signed and hold together. Whatever else was found is
// listed.
func (j *judge) all(ctx context.Context) ([]restoredCase, error) {
	var cases []restoredCase
	at := map[string]int{} // request -> case
	for _, is := range j.found.Issues {
		var c restoredCase
		err := engine.Caught("the story of "+is.Issue.Key, func() (err error) {
			c, err = j.read(is)
			return err
		})
		if err != nil {
			if err := j.refuse(ctx, is, c, err); err != nil {
				return nil, err
			}
			continue
		}
		i, twice := at[c.ID]
		if !twice {
			at[c.ID], cases = len(cases), append(cases, c)
			continue
		}
		if len(c.Entries) > len(cases[i].Entries) {
			c, cases[i] = cases[i], c
		}
		j.list(Conflict{About: c.Issue.Key, Urgent: true, Do: lookAt(c.Issue), Text: fmt.Sprintf(
			"%s and %s are both signed as request %s, so two Latchkeys have written; the longer one, %s, is used: close the other", cases[i].Issue.Key, c.Issue.Key, c.ID, cases[i].Issue.Key)})
	}
	for i := range cases {
		if err := j.freshness(ctx, &cases[i]); err != nil {
			return nil, err
		}
	}
	j.unclaimed()
	return cases, nil
}

func (j *judge) list(c Conflict) { j.listed = append(j.listed, c) }

// read opens what an issue carries and tells its story again.
func (j *judge) read(is access.RecordedIssue) (c restoredCase, err error) {
	j.names(requestIn(is.Summary))
	if is.Record.State == "" {
		return c, errors.New("it carries no state, so nothing can be rebuilt from it: the state was deleted, or never written")
	}
	c.RecoveredCase, err = j.reading.ReadIssue(is.Issue, is.Record)
	j.names(c.ID)
	if err != nil {
		return c, err
	}
	j.newest(c.Log)
	for _, e := range c.Entries {
		if note.Family(e.Log) != note.Family(c.Log) {
			return c, fmt.Errorf("%s holds events of another log, %s", is.Issue.Key, e.Log)
		}
		j.newest(e.Log)
	}
	if c.r, c.g, err = c.Replay(); err != nil {
		return c, fmt.Errorf("%s tells the story of request %s, and it does not hold together: %w", is.Issue.Key, c.ID, err)
	}
	if c.r.ID != c.ID || c.g != nil && c.g.ID != c.r.GrantID() {
		return c, fmt.Errorf("%s tells another story than that of request %s", is.Issue.Key, c.ID)
	}
	return c, nil
}

func (j *judge) names(request string) {
	if request != "" {
		j.named[evidence.HeadKeyOf(access.RequestSubject(request))] = true
	}
}

// requestIn is the request that an issue's summary names, which anybody can write.
func requestIn(summary string) string {
	i := strings.LastIndex(summary, "[")
	if i < 0 || !strings.HasSuffix(summary, "]") {
		return ""
	}
	return summary[i+1 : len(summary)-1]
}

// refuse lists an issue from which nothing follows, with what Latchkey's own comments
// tell of it.
func (j *judge) refuse(ctx context.Context, is access.RecordedIssue, c restoredCase, why error) error {
	marks, err := j.marks(ctx, is.Issue.ID)
	if err != nil {
		return err
	}
	name := cmp.Or(c.ID, requestIn(is.Summary), "no request")
	text := fmt.Sprintf("%s. It names %s. %s. Nothing follows from it: what the person has is not explained by it, and is treated as the app says of memberships without a request. Whoever still needs the access asks again", sentence(why), name, told(marks))
	j.list(Conflict{About: is.Issue.Key, Text: text, Do: lookAt(is.Issue), Urgent: errors.Is(why, note.ErrForged) || errors.Is(why, note.ErrStranger)})
	return nil
}

// told is what comments tell of an issue that can't be believed.
func told(marks []access.Mark) string {
	var last access.Mark
	for _, m := range marks {
		if m.N >= last.N && m.Leaf != (access.Hash{}) {
			last = m
		}
	}
	if last.N == 0 {
		return "No comment of Latchkey there tells of any event"
	}
	return fmt.Sprintf("Latchkey's comments there tell of %d events, the last at %s", last.N, access.FullMoment(last.At))
}

func (j *judge) marks(ctx context.Context, issue string) ([]access.Mark, error) {
	if j.found.Comments == nil {
		return nil, nil
	}
	marks, err := j.found.Comments.Marks(ctx, issue)
	if err != nil {
		return nil, fmt.Errorf("read the comments of issue %s: %w", issue, err)
	}
	return marks, nil
}

// lookAt is the address of an issue that a human has to look at.
func lookAt(is access.Issue) string { return cmp.Or(is.URL, is.Key) }

func sentence(err error) string {
	text := strings.TrimSuffix(err.Error(), ".")
	return strings.ToUpper(text[:1]) + text[1:]
}

// inOrder brings the entries of all cases into the order they had. Those of one case
// keep theirs, whatever their places say: these may be of different logs, and are not
// signed.
func inOrder(cases []restoredCase) []access.Entry {
	type placed struct {
		access.Entry
		after uint64 // the highest place so far in its case
	}
	var all []placed
	for _, c := range cases {
		after := uint64(0)
		for _, e := range c.Entries {
			after = max(after, e.Place)
			all = append(all, placed{e, after})
		}
	}
	slices.SortStableFunc(all, func(a, b placed) int { return cmp.Compare(a.after, b.after) })
	out := make([]access.Entry, len(all))
	for i, e := range all {
		out[i] = e.Entry
	}
	return out
}
