package stepup_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/requests"
	"latchkey/workflow/stepup"
)

var noor, tom = peopletest.ID("noor"), peopletest.ID("tom")

// directory is one that people sign in to, and that states of them what a test wants.
type directory struct {
	peopletest.Chart
	id     string
	states idp.Authentication
	fails  error
	asked  []idp.LoginRequest
	codes  []string
}

func (d *directory) ID() string { return d.id }

func (d *directory) LoginURL(r idp.LoginRequest) (string, error) {
	d.asked = append(d.asked, r)
	return "https://" + d.id + ".example/authorize?state=" + url.QueryEscape(r.State), nil
}

func (d *directory) LoggedIn(_ context.Context, code string, r idp.LoginRequest) (idp.Authentication, error) {
	d.codes = append(d.codes, code)
	if last := d.asked[len(d.asked)-1]; r.Nonce != last.Nonce || r.Verifier != last.Verifier || r.Redirect != last.Redirect {
		return idp.Authentication{}, idp.ErrRefused
	}
	return d.states, d.fails
}

// world is the room over a store, with a request of Tom's that Noor may approve.
type world struct {
	*testing.T
	*stepup.Service
	store   store.Store
	units   *engine.Units
	offer   func() *catalog.Catalog
	now     time.Time
	okta    *directory
	decided []requests.Decision
	taken   []requests.BreakGlass
	gives   people.CodeUse // what the code that was given last is for
	may     error
	says    error // of Decide and SubmitBreakGlass
	keeps   bool  // Decide keeps a yes until it is known whether it counts
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, store: bolttest.Open(t), now: time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC), okta: &directory{id: "okta"}}
	w.okta.states = idp.Authentication{Account: "00u-noor", At: w.now, Level: "phr", Methods: []string{"pwd", "mfa"}}
	peopletest.Remember(t, w.store, nil, "noor", "tom")
	offer := catalog.New([]catalog.App{{ID: "db", Name: "Database", Roles: []catalog.Role{{ID: "admin", Name: "Admin", Groups: []catalog.GroupRef{{Directory: "okta", Group: "dba"}}, Assurance: catalog.StepUp, BreakGlass: true}}}}, nil)
	known := func() *catalog.Catalog { return offer }
	w.offer = known
	w.units = engine.NewUnits(engine.UnitsConfig{Store: w.store, Clock: w, Owner: "test", Catalog: known})
	w.Service = stepup.New(stepup.Config{
		Units: w.units, Catalog: known, Directories: people.Directories{w.okta, &directory{id: "entra"}}, Authority: w, Requests: w, People: w,
		Terms: stepup.Terms{Pages: "https://latchkey.example", Levels: []string{"phr"}, Methods: []string{"mfa"}},
	})
	r := access.Request{ID: "AR-1", Requester: tom, Beneficiary: tom, App: "db", Role: "admin", Allowed: time.Hour, State: access.RequestPending, Stages: []access.Stage{{}}}
	if err := w.store.Update(t.Context(), func(tx store.Tx) error { return store.PutRequest(tx, &r) }); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) Now() time.Time                            { return w.now }
func (w *world) Until(time.Time) (<-chan struct{}, func()) { return nil, func() {} }
func (w *world) by() access.Actor {
	return access.Actor{Person: noor, Via: access.ViaSlack, Account: "U-noor"}
}
func (w *world) Anew(_ context.Context, who access.PersonID) (access.Person, error) {
	if who == tom {
		return peopletest.Person("tom"), nil
	}
	return peopletest.Person("noor"), nil
}

func (w *world) Established(context.Context, access.Request, access.Actor) (people.Established, error) {
	return people.Established{Found: people.Found{Who: []access.PersonID{noor}}}, w.may
}

func (w *world) Decide(_ context.Context, d requests.Decision) (access.Request, error) {
	w.decided = append(w.decided, d)
	r := access.Request{ID: d.Request, State: access.RequestApproved}
	if w.keeps {
		r.State, r.Waiting = access.RequestPending, []access.KeptAnswer{{By: d.By, As: access.EventApproved}}
	}
	return r, w.says
}

func (w *world) SubmitBreakGlass(_ context.Context, b requests.BreakGlass) (access.Request, error) {
	w.taken = append(w.taken, b)
	return access.Request{ID: "AR-2", State: access.RequestApproved, BreakGlass: true}, w.says
}

// link is what Noor is shown, as its id and its secret.
func (w *world) link() (id, secret string) {
	w.Helper()
	way, err := w.Approve(w.Context(), requests.Decision{Request: "AR-1", Seen: 1, By: w.by(), Yes: true})
	if err != nil {
		w.Fatal(err)
	}
	id, secret, _ = strings.Cut(strings.TrimPrefix(way.Link, "https://latchkey.example/sign-in/"), "/")
	return id, secret
}

// open opens a link in a browser, and says what that browser has and brings back.
func (w *world) open(id, secret string) (stepup.Visit, stepup.Return) {
	w.Helper()
	v, err := w.Open(w.Context(), id, secret)
	if err != nil {
		w.Fatal(err)
	}
	to, err := url.Parse(v.To)
	if err != nil {
		w.Fatal(err)
	}
	return v, stepup.Return{Directory: "okta", State: to.Query().Get("state"), Code: "code"}
}

func (w *world) refused(what string, err error) {
	w.Helper()
	if _, ok := access.AsRefusal(err); !ok {
		w.Errorf("%s: %v", what, err)
	}
}

func TestASignInFromBeginningToEnd(t *testing.T) {
	w := newWorld(t)
	id, secret := w.link()
	v, back := w.open(id, secret)
	if err := w.Back(t.Context(), back, v.Secret); err != nil {
		t.Fatal(err)
	}
	do, err := w.Look(t.Context(), id, v.Secret)
	if err != nil || do.For != tom || do.By != noor || do.Wanted != time.Hour {
		t.Fatalf("%+v, %v", do, err)
	}
	if len(w.decided) > 0 {
		t.Fatal("it counts before she went through with it")
	}
	if _, err := w.Confirm(t.Context(), id, v.Secret, do.Form); err != nil {
		t.Fatal(err)
	}
	if d := w.decided[0]; d.Request != "AR-1" || d.SignIn != id || d.By.Person != noor || !d.Yes || d.Seen != 1 {
		t.Errorf("decided is %+v", d)
	}
}

// State, browser, directory, code: what comes back has to belong together, and does so once.
func TestWhatComesBackBelongsTogether(t *testing.T) {
	for name, spoil := range map[string]func(*world, *stepup.Return, *string){
		"without a state":        func(_ *world, b *stepup.Return, _ *string) { b.State = "" },
		"with another's state":   func(_ *world, b *stepup.Return, _ *string) { b.State += "x" },
		"with a state made up":   func(_ *world, b *stepup.Return, _ *string) { b.State = b.SignInOf() + ".made-up" },
		"of an unknown sign-in":  func(_ *world, b *stepup.Return, _ *string) { b.State = "NONE." + b.State },
		"in another browser":     func(_ *world, _ *stepup.Return, s *string) { *s = "another" },
		"in no browser":          func(_ *world, _ *stepup.Return, s *string) { *s = "" },
		"from another directory": func(_ *world, b *stepup.Return, _ *string) { b.Directory = "entra" },
		"without a code":         func(_ *world, b *stepup.Return, _ *string) { b.Code = "" },
		"with a problem":         func(_ *world, b *stepup.Return, _ *string) { b.Problem = "access_denied" },
		"too late":               func(w *world, _ *stepup.Return, _ *string) { w.now = w.now.Add(10 * time.Minute) },
	} {
		w := newWorld(t)
		v, back := w.open(w.link())
		spoil(w, &back, &v.Secret)
		w.refused(name, w.Back(t.Context(), back, v.Secret))
		if len(w.okta.codes) > 0 {
			t.Errorf("%s: the code was traded", name)
		}
		_, err := w.Look(t.Context(), back.SignInOf(), v.Secret)
		w.refused(name+", looked at", err)
	}
	w := newWorld(t)
	v, back := w.open(w.link())
	if err := w.Back(t.Context(), back, v.Secret); err != nil {
		t.Fatal(err)
	}
	w.refused("the same again", w.Back(t.Context(), back, v.Secret))
	if len(w.okta.codes) != 1 {
		t.Errorf("codes were traded %d times", len(w.okta.codes))
	}
}

// Somebody's own browser, with their own sign-in, is no way into another's.
func TestASignInIsNotMixedUpWithAnother(t *testing.T) {
	w := newWorld(t)
	id, secret := w.link()
	first, early := w.open(id, secret)
	second, back := w.open(id, secret)
	w.refused("the browser before the last, with what it was given itself", w.Back(t.Context(), early, first.Secret))
	w.refused("the browser before the last", w.Back(t.Context(), back, first.Secret))
	if err := w.Back(t.Context(), back, second.Secret); err != nil {
		t.Fatal(err)
	}
	_, err := w.Look(t.Context(), id, first.Secret)
	w.refused("the browser before the last looks", err)
	do, err := w.Look(t.Context(), id, second.Secret)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Confirm(t.Context(), id, second.Secret, "made up")
	w.refused("a form that was made up", err)
	_, err = w.Confirm(t.Context(), id, first.Secret, do.Form)
	w.refused("the form in another browser", err)
	_, err = w.Open(t.Context(), id, "made up")
	w.refused("a link that was made up", err)
	again, _ := w.link()
	_, err = w.Confirm(t.Context(), id, second.Secret, do.Form)
	w.refused("a sign-in after which another was begun", err)
	if again == id || len(w.decided) > 0 {
		t.Errorf("decided: %v", w.decided)
	}
}

// What the directory states has to be of the right account, fresh and sure.
func TestWhatTheDirectoryStates(t *testing.T) {
	for name, change := range map[string]func(*idp.Authentication){
		"another account":        func(a *idp.Authentication) { a.Account = "00u-tom" },
		"no account":             func(a *idp.Authentication) { a.Account = "" },
		"an old sign-in":         func(a *idp.Authentication) { a.At = a.At.Add(-7 * time.Minute) },
		"no time":                func(a *idp.Authentication) { a.At = time.Time{} },
		"a time to come":         func(a *idp.Authentication) { a.At = a.At.Add(time.Hour) },
		"not as sure":            func(a *idp.Authentication) { a.Level = "urn:okta:loa:1fa:any" },
		"without saying how":     func(a *idp.Authentication) { a.Level = "" },
		"by a password alone":    func(a *idp.Authentication) { a.Methods = []string{"pwd"} },
		"without saying by what": func(a *idp.Authentication) { a.Methods = nil },
	} {
		w := newWorld(t)
		change(&w.okta.states)
		id, secret := w.link()
		v, back := w.open(id, secret)
		w.refused(name, w.Back(t.Context(), back, v.Secret))
		_, err := w.Look(t.Context(), id, v.Secret)
		w.refused(name+", looked at", err)
	}
	w := newWorld(t)
	w.okta.fails = errors.New("no route to host")
	v, back := w.open(w.link())
	if err := w.Back(t.Context(), back, v.Secret); err == nil {
		t.Error("a directory that keeps silent states nothing")
	}
}

// Who can't say yes is told before they sign in; how often somebody begins is bounded.
func TestWhoBegins(t *testing.T) {
	w := newWorld(t)
	yes := requests.Decision{Request: "AR-1", Seen: 1, By: w.by(), Yes: true}
	other := yes
	other.By.Person = tom
	_, err := w.Approve(t.Context(), other)
	w.refused("his own", err)
	late := yes
	late.Seen = 2
	_, err = w.Approve(t.Context(), late)
	w.refused("another stage", err)
	w.may = errors.New("no route to host")
	if _, err := w.Approve(t.Context(), yes); err != nil {
		t.Errorf("while a directory is silent: %v", err)
	}
	w.may = nil
	for range 30 {
		_, err = w.Approve(t.Context(), yes)
	}
	w.refused("again and again", err)
	open := 0
	if err := w.store.View(t.Context(), func(tx store.Tx) error {
		all, err := store.OpenSignIns(tx)
		open = len(all)
		return err
	}); err != nil || open != 1 {
		t.Errorf("%d are open, %v", open, err)
	}
}

// Nothing that opens a sign-in is in the store.
func TestTheStoreHoldsNoSecret(t *testing.T) {
	w := newWorld(t)
	id, secret := w.link()
	v, back := w.open(id, secret)
	if err := w.Back(t.Context(), back, v.Secret); err != nil {
		t.Fatal(err)
	}
	ask := w.okta.asked[0]
	if err := w.store.View(t.Context(), func(tx store.Tx) error {
		r, err := tx.Get(store.SignInKind, id)
		for _, word := range []string{secret, v.Secret, ask.Nonce, ask.Verifier, back.State} {
			if strings.Contains(string(r.Body), word) {
				t.Errorf("the store holds %s", word)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
