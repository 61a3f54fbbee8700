package world

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"latchkey/sandbox/clock"
	"latchkey/sandbox/feed"
)

// Settings are what a tenant is made from.
type Settings struct {
	Clock    clock.Clock
	OnChange func() // called after each change, without the tenant's lock
	Seed     string // tells the ids of one tenant from those of others
}

// World is one tenant behind its lock. Its methods are what administrators and an HR feed do and see; they are safe for
// concurrent use.
type World struct {
	onChange func()

	mu    sync.Mutex
	state *State
}

// New makes a tenant that holds nobody.
func New(settings Settings) *World {
	return &World{onChange: settings.OnChange, state: &State{
		clock: settings.Clock, seed: settings.Seed, userByID: map[string]*LiveUser{}, groupByID: map[string]*LiveGroup{}, Apps: map[string]*LiveApp{},
	}}
}

// Update runs f under the tenant's lock and then tells OnChange if f changed anything.
func (w *World) Update(f func(*State)) {
	feed.Announce(w.View, func(s *State) uint64 { return s.feed.Seq() }, f, w.onChange)
}

// View runs f, which changes nothing, under the tenant's lock.
func (w *World) View(f func(*State)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f(w.state)
}

// Snapshot is the tenant at one moment: after the change Seq and before the next.
type Snapshot struct {
	Seq     uint64
	At      time.Time
	Users   []User              // in the order of their creation, without the deleted
	Groups  []Group             // likewise
	Members map[string][]string // ids of accounts by the id of the group, in the order they joined
}

// Snapshot copies the tenant as it stands.
func (w *World) Snapshot() Snapshot {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.state
	now := s.Now()
	out := Snapshot{Seq: s.feed.Seq(), At: now, Users: s.allUsers(), Members: map[string][]string{}}
	for _, g := range s.GroupsAt(now) {
		out.Groups = append(out.Groups, g.Group)
		for _, m := range s.MembersAt(g, now) {
			if m.Kind == KindUser {
				out.Members[g.ID] = append(out.Members[g.ID], m.ID)
			}
		}
	}
	return out
}

// Follow yields the changes after the one with the given number as they are made, until ctx ends; see
// [feed.Feed.Follow].
func (w *World) Follow(ctx context.Context, after uint64) iter.Seq2[feed.Change, error] {
	return w.state.feed.Follow(ctx, after)
}

// State is what there is in the tenant. It is not safe for concurrent use: a World guards it.
type State struct {
	clock     clock.Clock
	logLag    time.Duration // how long sign-ins take to be on record
	seed      string
	seq       int64
	users     []*LiveUser // in the order of their creation, the deleted among them
	userByID  map[string]*LiveUser
	groups    []*LiveGroup
	groupByID map[string]*LiveGroup
	Apps      map[string]*LiveApp // by the id of the service principal
	SignIns   []SignIn            // oldest first
	Audits    []Audit             // oldest first
	Changes   []Change            // of users, oldest first
	feed      feed.Feed
}

// Now is the tenant's time.
func (s *State) Now() time.Time { return s.clock.Now().UTC() }

func (s *State) next() int64 {
	s.seq++
	return s.seq
}

// newID makes a GUID that is the same in every run.
func (s *State) newID(kind string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d", s.seed, kind, s.next()))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// note tells whoever follows the tenant of a change.
func (s *State) note(kind, subject string) { s.feed.Add(s.Now(), kind, subject) }

// Audit is an entry of the directory's audit log.
type Audit struct {
	ID       string
	Activity string // such as "Update user"
	Category string // such as UserManagement
	At       time.Time
	Shown    time.Time // from when the log has it
	Target   string    // the user's id
}

func (s *State) audit(activity, target string) {
	now := s.Now()
	s.Audits = append(s.Audits, Audit{ID: "Directory_" + s.newID("audit"), Activity: activity, Category: "UserManagement", At: now, Shown: now, Target: target})
}

// Change is one of a user, as change tracking has it.
type Change struct {
	Seq    int64
	User   string
	Switch bool // whether it can be used is among what changed
}

// changed notes a change for those who track them.
func (s *State) changed(user string, switched bool) {
	s.Changes = append(s.Changes, Change{Seq: s.next(), User: user, Switch: switched})
}

// Tracked is how far change tracking is.
func (s *State) Tracked() int64 {
	if len(s.Changes) == 0 {
		return 0
	}
	return s.Changes[len(s.Changes)-1].Seq
}

// SignIn is an entry of the sign-in log.
type SignIn struct {
	ID, UserID, AppID string
	At, Shown         time.Time // when it was, and from when the log has it
	ErrorCode         int       // 0: it succeeded
}

// LiveApp is a service principal: an application as the tenant has it.
type LiveApp struct {
	App
	Seq      int64
	Assigned []Assignment // in the order they were made
}

// Assignment is somebody, or a group, that an application lets in.
type Assignment struct {
	ID        string // not a GUID
	Principal string
	Kind      string // KindUser or KindGroup
	Role      string // the id of an app role; NoRole where the application has none
	At        time.Time
	Seq       int64
}

// NoRole stands for an application's default access.
const NoRole = "00000000-0000-0000-0000-000000000000"

// App is an application that people sign in to.
type App struct {
	ID     string // of the service principal
	AppID  string // of the application, the same in every tenant
	Name   string
	Tags   []string
	Off    bool              // nobody can sign in to it
	Roles  map[string]string // names of its app roles by their ids
	Owners []string          // ids of the accounts that own it
}

// AddApp makes a service principal, or changes the one with the same id, and returns it as stored.
func (w *World) AddApp(in App) App {
	w.Update(func(s *State) {
		if in.ID == "" {
			in.ID = s.newID("servicePrincipal")
		}
		if in.AppID == "" {
			in.AppID = s.newID("application")
		}
		app := s.Apps[in.ID]
		if app == nil {
			app = &LiveApp{Seq: s.next()}
			s.Apps[in.ID] = app
		}
		app.App = in
		s.note("app.saved", in.ID)
	})
	return in
}

// AssignApp has an application let somebody or a group in, as one of its roles or, without, by its default access.
func (w *World) AssignApp(app, principal, kind, role string) {
	w.Update(func(s *State) {
		a := s.Apps[app]
		if a == nil {
			return
		}
		seq := s.next()
		id := strings.ReplaceAll(s.newID("assignment"), "-", "")
		a.Assigned = append(a.Assigned, Assignment{ID: id, Principal: principal, Kind: kind, Role: cmp.Or(role, NoRole), At: s.Now(), Seq: seq})
		s.note("app.assigned", app)
	})
}

// SortedApps lists the service principals in the order of their creation.
func (s *State) SortedApps() []*LiveApp {
	all := make([]*LiveApp, 0, len(s.Apps))
	for _, a := range s.Apps {
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b *LiveApp) int { return int(a.Seq - b.Seq) })
	return all
}

// AppID is the application id of the first enterprise application with a name; "" if there is none.
func (w *World) AppID(name string) (id string) {
	w.View(func(s *State) {
		for _, a := range s.SortedApps() {
			if a.Name == name && id == "" {
				id = a.AppID
			}
		}
	})
	return id
}

// RecordSignIn writes into the sign-in log. A success also counts as the account's last sign-in.
func (w *World) RecordSignIn(account, appID string, at time.Time, errorCode int) {
	w.Update(func(s *State) {
		u := s.user(account)
		if u == nil {
			return
		}
		s.SignIns = append(s.SignIns, SignIn{ID: s.newID("signIn"), UserID: u.ID, AppID: appID, At: at, Shown: s.Now().Add(s.logLag), ErrorCode: errorCode})
		slices.SortStableFunc(s.SignIns, func(a, b SignIn) int { return a.At.Compare(b.At) })
		if s.logLag > 0 {
			return // the account shows it when the log does
		}
		if u.LastAttempt.Before(at) {
			u.LastAttempt = at
		}
		if errorCode == 0 && u.LastSignIn.Before(at) {
			u.LastSignIn = at
		}
	})
}

// SetLogLag changes how long sign-ins from now on take to be in the log, and on their accounts.
func (w *World) SetLogLag(d time.Duration) { w.View(func(s *State) { s.logLag = d }) }
