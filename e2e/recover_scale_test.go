package e2e

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/app"
	appconfig "latchkey/config"
	"latchkey/evidence"
	"latchkey/evidence/note"
	"latchkey/evidence/note/notetest"
	"latchkey/jira"
	"latchkey/jira/rest"
	"latchkey/jira/site"
	"latchkey/sandbox"
	"latchkey/store"
	"latchkey/store/bolt"
)

// many is how many requests a store is rebuilt with: RECOVER_REQUESTS, else as
// many as fit between other tests.
func many(t *testing.T) int {
	text, set := os.LookupEnv("RECOVER_REQUESTS")
	if !set {
		return 2000
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("RECOVER_REQUESTS can't be %q: write a number", text)
	}
	return n
}

// past is a store full of requests in every state, and Jira as it knows them.
type past struct {
	*testing.T
	config *appconfig.Config
	world  *sandbox.World
	store  store.Store
	client *jira.Client
	keys   note.Keys
	began  time.Time
	log    []access.Entry           // in the order in which they happened
	known  map[string]access.Person // by handle
	many   int
}

// A store of many requests is lost and comes back from Jira: the same requests,
// grants, events and timers, and no conflict with the directory.
func TestRecoverMany(t *testing.T) {
	p := newPast(t)
	p.fill()
	before, due := p.export(p.store), p.due(p.store)
	if err := p.store.Close(); err != nil {
		t.Fatal(err)
	}

	config := *p.config
	path := filepath.Join(t.TempDir(), "rebuilt.db")
	config.Store.Settings = bolt.Settings{Path: path}
	config.Limits.Jira.PerSecond = 200
	began := time.Now()
	got, err := app.Recover(context.Background(), &config, app.Hooks{Clock: p.world.Clock, Logger: slog.New(slog.DiscardHandler)}, false, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("rebuilt in %s: %+v", time.Since(began).Round(time.Millisecond), got)
	if !got.Written || got.Requests != p.many || len(got.Conflicts) > 0 {
		t.Errorf("recover found %+v", got)
	}

	rebuilt, err := bolt.Open(path, bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := rebuilt.Close(); err != nil {
			t.Error(err)
		}
	}()
	if after := p.export(rebuilt); !bytes.Equal(before, after) {
		t.Errorf("the exports differ at byte %d of %d", differ(before, after), len(before))
	}
	if after := p.due(rebuilt); after != due || due == 0 {
		t.Errorf("%d timers run, want %d", after, due)
	}
	checked, err := evidence.Verify(context.Background(), rebuilt)
	if err != nil || !checked.Whole() || checked.Rebuilt == "" {
		t.Errorf("the new log: %+v, %v", checked, err)
	}
}

func differ(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

func newPast(t *testing.T) *past {
	config, err := exampleConfig()
	if err != nil {
		t.Fatal(err)
	}
	world, err := app.StartWorld(config, nil, func(string, ...any) {})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := world.Close(); err != nil {
			t.Error(err)
		}
	})
	p := &past{T: t, many: many(t), world: world, began: world.Clock.Now().UTC()}
	p.known = map[string]access.Person{}
	for _, handle := range append(staff(), "grace") {
		p.known[handle] = citizen(world, handle, p.began.Add(-time.Hour))
	}
	path := filepath.Join(t.TempDir(), "original.db")
	p.config = app.Sandboxed(*config, world.Addresses(), path)
	p.keys = notetest.Keys(notetest.Log)
	p.config.Evidence = appconfig.Evidence{Trust: []note.Trusted{{Public: p.keys.Signer.Public()}}, KeyFile: filepath.Join(t.TempDir(), "evidence.key")}
	if p.store, err = bolt.Open(path, bolt.Options{NoSync: true}); err != nil {
		t.Fatal(err)
	}
	j := p.config.Jira
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	t.Cleanup(transport.CloseIdleConnections)
	p.client, err = jira.New(jira.Config{
		Rest: rest.Config{URL: j.URL, Email: j.Email, Token: j.Token.Reveal(), Now: world.Clock.Now, HTTP: &http.Client{Transport: transport}},
		Site: site.Config{Project: j.Project, RequestType: j.RequestType, Statuses: j.Statuses},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// fill makes the requests and opens their issues, eight at a time.
func (p *past) fill() {
	cases := make([]*living, p.many)
	for i := range cases {
		cases[i] = p.live(i)
	}
	var writing sync.WaitGroup
	errs := make([]error, 8)
	for w := range errs {
		writing.Go(func() {
			for i := w; i < p.many && errs[w] == nil; i += len(errs) {
				cases[i].Request.Issue, errs[w] = p.open(cases[i])
			}
		})
	}
	writing.Wait()
	if err := errors.Join(errs...); err != nil {
		p.Fatal(err)
	}
	for some := range slices.Chunk(p.log, 1000) {
		p.update(func(tx store.Tx) error {
			for _, e := range some {
				if err := store.Restore(tx, e); err != nil {
					return err
				}
			}
			return nil
		})
	}
	p.update(func(tx store.Tx) error {
		for _, who := range p.known {
			if err := store.PutPerson(tx, &store.Known{Person: who}); err != nil {
				return err
			}
		}
		return nil
	})
	for some := range slices.Chunk(cases, 1000) {
		p.update(func(tx store.Tx) error {
			for _, c := range some {
				if err := p.put(tx, c); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// open opens one issue. The site's clock is moved so that its limits are kept.
func (p *past) open(l *living) (access.Issue, error) {
	p.world.Clock.Advance(50 * time.Millisecond)
	carry := func(issue access.Issue) (access.IssueRecord, error) {
		return evidence.WriteIssue(context.Background(), p.keys.Signer.Sign, evidence.Writing{Log: notetest.Log, Issue: issue, Case: l.Case, Entries: l.entries, At: l.at})
	}
	is, err := p.client.Issues.Open(context.Background(), l.Case, time.Time{})
	if err != nil {
		return is, err
	}
	known := l.Case
	known.Request.Issue = is
	return is, p.client.Issues.Renew(context.Background(), known, carry)
}

func (p *past) put(tx store.Tx, c *living) error {
	if err := store.PutRequest(tx, &c.Request); err != nil || c.Grant == nil {
		return err
	}
	if c.Grant.State == access.GrantActive {
		p.world.Okta.SetMember(c.Grant.Entitlements[0].Group.Group, string(c.Requester.Email), true)
	}
	return store.PutGrant(tx, c.Grant)
}

func (p *past) update(fn func(store.Tx) error) {
	p.Helper()
	if err := p.store.Update(context.Background(), fn); err != nil {
		p.Fatal(err)
	}
}

// staff are those who ask.
func staff() []string { return []string{"maya", "sam", "tom", "noor", "lena", "priya", "omar"} }

// live plays one request by the machines: every fifth waits, every fifth is
// denied, two are there, one has ended.
func (p *past) live(i int) *living {
	who := staff()[i%7]
	c := access.Case{Requester: p.known[who]}
	c.Beneficiary = c.Requester
	c.App, c.Role, _ = p.config.Catalog.Role("figma", "editor")
	at := p.began.Add(time.Duration(i) * time.Second)
	c.Request = access.Request{
		ID: fmt.Sprintf("AR-%08d", i), Requester: c.Requester.ID, Beneficiary: c.Requester.ID, App: "figma", Role: "editor",
		Wanted: 90 * 24 * time.Hour, Allowed: 90 * 24 * time.Hour, Reason: fmt.Sprintf("Work item %d", i), Route: "manager",
		Stages: []access.Stage{{}}, State: access.RequestPending, Created: at, Lapses: at.Add(14 * 24 * time.Hour),
	}
	l := &living{past: p, Case: c, at: at}
	asked := c.Request.Event(access.EventSubmitted, access.Actor{Person: c.Requester.ID, Via: access.ViaSlack}, at)
	asked.Reason, asked.Wanted = c.Request.Reason, c.Request.Wanted
	l.tell(asked)
	l.request(access.EventApproversAsked, access.System())
	switch grace := (access.Actor{Person: p.known["grace"].ID, Via: access.ViaSlack}); i % 5 {
	case 0:
	case 1:
		l.request(access.EventDenied, grace)
	default:
		l.request(access.EventApproved, grace)
		l.grant(i%5 == 3)
	}
	return l
}

// living is one request on its way.
type living struct {
	*past
	access.Case
	entries []access.Entry
	at      time.Time
}

// tell chains an event behind the last one of the story.
func (l *living) tell(e access.Event) {
	var last access.Entry
	if n := len(l.entries); n > 0 {
		last = l.entries[n-1]
	}
	for _, p := range l.known {
		if slices.Contains(e.Involves(), p.ID) {
			if e.People == nil {
				e.People = map[access.PersonID]access.Identity{}
			}
			e.People[p.ID] = p.Identity()
		}
	}
	n := uint64(len(l.log))
	var seed access.Seed
	binary.LittleEndian.PutUint64(seed[:], n)
	entry, err := e.Encode(seed)
	if err == nil {
		entry, err = entry.Chain("acme.test/latchkey/7f3k9q2m/1", last.N, last.Leaf)
	}
	if err != nil {
		l.Fatal(err)
	}
	entry.Place = n + 1
	l.log, l.entries, l.Story = append(l.log, entry), append(l.entries, entry), append(l.Story, e.As(entry))
}

func (l *living) request(kind access.EventKind, by access.Actor) {
	l.at = l.at.Add(time.Second)
	e := l.Request.Event(kind, by, l.at)
	e.Approvers, e.Reason = []access.PersonID{l.known["grace"].ID}, "As agreed"
	next, _, err := l.Request.Apply(e, l.at)
	if err != nil {
		l.Fatal(err)
	}
	l.Request = next
	l.tell(e)
}

// grant gives the access, and takes it away again if it is over.
func (l *living) grant(over bool) {
	l.Request.Issue = access.Issue{ID: "1", Key: "IT-0"} // until the real one is known
	g, e, _, err := access.Start(l.Request, l.App, l.Role, l.at)
	if err != nil {
		l.Fatal(err)
	}
	l.Grant = &g
	l.tell(e)
	steps := []access.EventKind{access.EventRecorded, access.EventMemberAdded}
	if over {
		steps = append(steps, access.EventEnding, access.EventMemberRemoved)
	}
	for _, kind := range steps {
		l.at = l.at.Add(time.Second)
		e := l.Grant.Event(kind, access.System(), l.at)
		e.Group = &l.Role.Groups[0]
		if kind == access.EventEnding {
			e.End = access.EndReturned
		}
		next, _, err := l.Grant.Apply(e, l.at)
		if err != nil {
			l.Fatal(err)
		}
		l.Grant = &next
		l.tell(e)
	}
	l.Request.Issue = access.Issue{}
}

func (p *past) export(s store.Store) []byte {
	p.Helper()
	var b bytes.Buffer
	if err := evidence.Export(context.Background(), s, &b, evidence.ExportOptions{Format: evidence.JSON, Stable: true}); err != nil {
		p.Fatal(err)
	}
	return b.Bytes()
}

// due counts the timers.
func (p *past) due(s store.Store) int {
	p.Helper()
	n := 0
	err := s.View(context.Background(), func(tx store.Tx) error {
		far := p.began.AddDate(10, 0, 0)
		grants, err := tx.Due("grant", far, 2*p.many)
		if err != nil {
			return err
		}
		requests, err := tx.Due("request", far, 2*p.many)
		n = len(grants) + len(requests)
		return err
	})
	if err != nil {
		p.Fatal(err)
	}
	return n
}
