package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/app"
	"latchkey/bot"
	"latchkey/bot/socket"
	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/store/bolt"
	"latchkey/workflow"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// vendorLatency is how long Slack, Jira and the directory take to answer in the
// background work of the bench.
const vendorLatency = 250 * time.Millisecond

// childOptions are how a child of the bench is told what to be.
type childOptions struct {
	store    string
	requests int           // how many waiting requests to make first
	flush    time.Duration // what every flush of the disk takes longer
	meet     int           // how many people to look up first
	due      int           // of the child "expire": how many grants end
	window   time.Duration
	poll     bool
	profile  string
	people   int // of the children that pack a snapshot
	groups   int
}

// beChild is a process of the bench's own.
func beChild(kind string, args []string) error {
	var o childOptions
	f := flag.NewFlagSet(kind, flag.ContinueOnError)
	f.StringVar(&o.store, "store", "", "")
	f.IntVar(&o.requests, "requests", 0, "")
	f.DurationVar(&o.flush, "flush", 0, "")
	f.IntVar(&o.meet, "meet", crowd+1, "")
	f.IntVar(&o.due, "due", 0, "")
	f.DurationVar(&o.window, "window", 0, "")
	f.BoolVar(&o.poll, "poll", false, "")
	f.StringVar(&o.profile, "profile", "", "")
	f.IntVar(&o.people, "people", 0, "")
	f.IntVar(&o.groups, "groups", 0, "")
	if err := f.Parse(args); err != nil {
		return err
	}
	if o.profile != "" {
		done, err := profileTo(o.profile)
		if err != nil {
			return err
		}
		defer done()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	app.TuneCollector() // as "latchkey run" does
	switch kind {
	case "reader":
		return readerChild(ctx, o)
	case "bot":
		return botChild(ctx, o)
	case "expire":
		return expireChild(ctx, o)
	case "replica":
		return replicaChild(ctx, o)
	case "map":
		return mapChild(o)
	case "snapshot":
		return snapshotChild(ctx, o)
	case "meeting":
		return meetingChild(ctx, o)
	case "reading":
		return readingChild(ctx, o)
	case "row-records":
		return rowRecordsChild(ctx, o)
	case "reviewer":
		return reviewerChild(ctx, o)
	}
	return fmt.Errorf("there is no child %q", kind)
}

// profileTo writes a CPU profile until the result is called.
func profileTo(path string) (done func(), err error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { pprof.StopCPUProfile(); f.Close() }, nil
}

// readerChild is Latchkey's Socket Mode reader in front of Latchkey's store: it
// commits the envelope as it came, then acknowledges.
func readerChild(ctx context.Context, o childOptions) error {
	s, err := openStore(o.store, bolt.Options{SlowFlush: o.flush})
	if err != nil {
		return err
	}
	defer s.Close()
	var arrived atomic.Int64
	keep := func(ctx context.Context, e socket.Envelope) ([]byte, error) {
		r := store.Record{Kind: "envelope", ID: fmt.Sprintf("%012d|%s", arrived.Add(1), e.ID), Body: e.Payload}
		return nil, s.Update(ctx, func(tx store.Tx) error {
			_, err := tx.Put(r)
			return err
		})
	}
	return listen(ctx, socket.HandlerFunc(keep))
}

func listen(ctx context.Context, h socket.Handler) error {
	return socket.New(socket.Config{Open: socket.OpenWith(http.DefaultClient, os.Getenv("SLACK_API_URL"), "xapp-bench"), Handler: h}).Run(ctx)
}

// botChild is the whole house on a store: Socket Mode, bot, workflow with its
// workers and its timer, bbolt or PostgreSQL. Only the vendors are stood in for: they answer
// after vendorLatency, and who people are is known.
func botChild(ctx context.Context, o childOptions) error {
	s, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Println("opened")
	h, err := newHouse(&traced{Store: s}, clock.System{})
	if err != nil {
		return err
	}
	if o.requests > 0 {
		if err := h.fillRequests(ctx, o.requests); err != nil {
			return err
		}
	}
	if err := h.meet(ctx, o.meet); err != nil {
		return err
	}
	fmt.Println("ready")
	return h.serve(ctx)
}

// open opens the store of a house: a file, or a database that several share.
func (o childOptions) open(ctx context.Context) (store.Store, error) {
	if strings.HasPrefix(o.store, "postgres://") {
		return openShared(ctx, o.store)
	}
	return openStore(o.store, bolt.Options{SlowFlush: o.flush})
}

// house is Latchkey between stand-ins for the vendors.
type house struct {
	store   store.Store
	catalog *catalog.Catalog
	flow    *workflow.Service
	bot     *bot.Bot
	people  int // who ask, and are known
}

// openStore opens a store whose log has a name.
func openStore(path string, o bolt.Options) (*bolt.Store, error) {
	s, err := bolt.Open(path, o)
	if err != nil {
		return nil, err
	}
	if err := store.BeginLog(context.Background(), s, "acme.atlassian.net"); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func newHouse(s store.Store, clock clock.Clock) (*house, error) {
	h := &house{store: s, catalog: shop(), people: crowd}
	var err error
	if h.flow, err = compose(s, h.catalog, clock, issues{}, nil); err != nil {
		return nil, err
	}
	api := slack.New("xoxb-bench", slack.OptionAPIURL(os.Getenv("SLACK_API_URL")))
	h.bot, err = bot.New(bot.Config{
		API: api, Catalog: func() *catalog.Catalog { return h.catalog }, Requests: h.flow.Requests, Controls: h.flow.Controls, Query: h.flow.Query, People: h.flow.People, Refusals: h.flow, Notices: h.flow.Notices, Campaigns: h.flow.Campaigns,
		Answering: h.flow.Answering,
		Logger:    errorLog(),
	})
	return h, err
}

// compose makes a workflow between the stand-ins.
func compose(s store.Store, offered *catalog.Catalog, clock clock.Clock, record ledger.Issues, inFlight map[string]int) (*workflow.Service, error) {
	return workflow.New(workflow.Config{
		Store: s, Catalog: func() *catalog.Catalog { return offered }, Directories: []idp.Directory{&directory{members: map[[2]string]bool{}}},
		Clock: clock, Logger: errorLog(), Owner: fmt.Sprintf("bench/%d", os.Getpid()), InFlight: inFlight,
	}, workflow.Ports{Issues: record, Messenger: messenger{}, Roster: roster{}})
}

func errorLog() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
}

// meet lets the workflow look up everybody once, as it has in a bot that runs
// for a while.
func (h *house) meet(ctx context.Context, people int) error {
	if people == 0 {
		return nil
	}
	if err := fillPeople(ctx, h.store, h.people); err != nil {
		return err
	}
	var next atomic.Int64
	failed := make([]error, 64)
	var all sync.WaitGroup
	for i := range failed {
		all.Go(func() {
			for n := int(next.Add(1)) - 1; n < people && failed[i] == nil; n = int(next.Add(1)) - 1 {
				_, failed[i] = h.flow.People.Who(ctx, userID(n))
			}
		})
	}
	all.Wait()
	return errors.Join(failed...)
}

func (h *house) serve(ctx context.Context) error {
	working, stop := context.WithCancel(ctx)
	defer stop()
	worker := make(chan error, 1)
	go func() { worker <- h.flow.Run(working) }()
	err := listen(working, h.bot)
	stop()
	finishing, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return errors.Join(err, h.bot.Close(finishing), <-worker)
}

// shop is a catalogue of apps that one approver decides on.
func shop() *catalog.Catalog {
	var apps []catalog.App
	for n := range appCount {
		apps = append(apps, catalog.App{
			ID: appID(n), Name: fmt.Sprintf("Application %d", n), Owners: []string{string(mailOf(approver))},
			Status: catalog.Approved, Provisioning: catalog.ByDirectory,
			Roles: []catalog.Role{{
				ID: "editor", Name: "Editor", Groups: []catalog.GroupRef{{Directory: "okta", Group: appID(n)}}, Route: "owner", Risk: catalog.Low,
				Durations: catalog.Durations{Choices: []time.Duration{6 * time.Hour}, Default: 6 * time.Hour, Max: 90 * catalog.Day},
			}},
		})
	}
	return catalog.Versioned(catalog.New(apps, []catalog.Route{{Name: "owner", Stages: []catalog.Stage{{Approvers: []catalog.Approver{{Kind: catalog.Owner}}}}}}))
}

func mailOf(user string) access.Email { return access.NewEmail(user + "@acme.test") }

// idOf is the id of a person by their Slack account.
func idOf(user string) access.PersonID { return access.NewPersonID(user + "0") }

// The stand-ins. Who people are is answered at once; work takes vendorLatency.
// What the benchmarks never ask of a port is not stood in for.

type roster struct{ people.Roster }

func (roster) Member(_ context.Context, id string) (access.Person, error) {
	return access.Person{
		Email: mailOf(id), Name: "Person " + id, Kind: access.Employee, Standing: access.Active,
		Bindings: []access.Binding{{System: "slack", ID: id, How: "Slack's own record of the member"}},
	}, nil
}

func (r roster) MemberByEmail(ctx context.Context, who access.Email) (access.Person, error) {
	name, _, _ := strings.Cut(string(who), "@")
	return r.Member(ctx, strings.ToUpper(name))
}

type issues struct{ ledger.Issues }

func (issues) Open(ctx context.Context, c access.Case, _ time.Time) (access.Issue, error) {
	return access.Issue{ID: c.Request.ID, Key: "IT-" + c.Request.ID, URL: "https://acme.atlassian.net/browse/IT-" + c.Request.ID}, work(ctx)
}

func (issues) Record(ctx context.Context, _ access.Case, _ access.Event, _ access.RecordMaker, _ bool, _ ...access.Event) error {
	return work(ctx)
}

type messenger struct{ notify.Messenger }

func (messenger) Show(ctx context.Context, u notify.CardUpdate) (notify.CardPosted, error) {
	return notify.CardPosted{At: notify.MessageRef{Channel: "D" + string(u.Reader.ID), TS: "1.2"}, Digest: u.Marker}, work(ctx)
}

func (messenger) Ready(context.Context) error { return nil }

func (messenger) Announce(context.Context, notify.Announcement) error { return nil }

// directory is an identity provider in which everybody is known. It remembers
// who is in which group.
type directory struct {
	mu      sync.Mutex
	members map[[2]string]bool
}

func (*directory) ID() string { return "okta" }

func (d *directory) FindPerson(ctx context.Context, email string) (idp.Person, error) {
	return d.Person(ctx, email)
}

func (*directory) Person(_ context.Context, email string) (idp.Person, error) {
	return idp.Person{ID: email, Login: email, Email: email, Status: idp.Active}, nil
}

func (d *directory) FindGroup(ctx context.Context, name string) (idp.Group, error) {
	return d.Group(ctx, name)
}

func (*directory) Group(_ context.Context, name string) (idp.Group, error) {
	return idp.Group{ID: name, Name: name, Governable: true}, nil
}

func (*directory) Members(context.Context, string) (idp.Listing, error) {
	return idp.Listing{}, errors.New("nobody asks for a whole group here")
}

func (d *directory) IsMember(_ context.Context, group, person string) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.members[[2]string{group, person}], nil
}

func (d *directory) Add(ctx context.Context, group, person string) error {
	return d.set(ctx, group, person, true)
}

func (d *directory) Remove(ctx context.Context, group, person string) error {
	return d.set(ctx, group, person, false)
}

func (d *directory) set(ctx context.Context, group, person string, in bool) error {
	d.mu.Lock()
	if in {
		d.members[[2]string{group, person}] = true
	} else {
		delete(d.members, [2]string{group, person})
	}
	d.mu.Unlock()
	return work(ctx)
}

// work takes as long as a vendor does.
func work(ctx context.Context) error {
	timer := time.NewTimer(vendorLatency)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// traced says on standard output when something of interest to the parent has
// happened in the store.
type traced struct {
	store.Store
	armed atomic.Bool
}

// View implements store.Store. The first look for what is due means that the
// timer is armed.
func (w *traced) View(ctx context.Context, fn func(store.Tx) error) error {
	looked := false
	err := w.Store.View(ctx, func(tx store.Tx) error { return fn(&lookout{Tx: tx, looked: &looked}) })
	if looked && err == nil && w.armed.CompareAndSwap(false, true) {
		fmt.Println("armed")
	}
	return err
}

type lookout struct {
	store.Tx
	looked *bool
}

func (l *lookout) NextDue(kind string) (time.Time, bool, error) {
	*l.looked = *l.looked || kind == "grant"
	return l.Tx.NextDue(kind)
}
