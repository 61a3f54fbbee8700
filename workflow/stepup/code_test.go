package stepup_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/requests"
	"latchkey/workflow/stepup"
)

// typed is a directory that people sign in to with a code alone.
type typed struct{ peopletest.Chart }

func (typed) BeginSignIn(context.Context) (idp.SignInCode, error) { return idp.SignInCode{}, nil }

func (typed) SignedIn(context.Context, idp.SignInCode) (idp.Authentication, error) {
	return idp.Authentication{}, idp.ErrPending
}

// Begin gives a code; who waits for it is a test.
func (w *world) Begin(_ context.Context, _ idp.Directory, _ string, use func(idp.SignInCode) people.CodeUse) (people.SignInCode, error) {
	if w.says != nil {
		return people.SignInCode{}, w.says
	}
	w.gives = use(idp.SignInCode{})
	return people.SignInCode{Code: "WDJB-MJHT", URL: "https://okta.example/activate", Expires: w.now.Add(5 * time.Minute)}, nil
}

// codeWorld is a world whose directory takes nothing but codes.
func codeWorld(t *testing.T) *world {
	w := newWorld(t)
	w.Service = stepup.New(stepup.Config{
		Units: w.units, Catalog: w.offer, Directories: people.Directories{typed{}}, Authority: w, Requests: w, People: w, Codes: w,
		Terms: stepup.Terms{Pages: "https://latchkey.example", Levels: []string{"phr"}, Methods: []string{"mfa"}},
	})
	return w
}

func (w *world) yes() stepup.Way {
	w.Helper()
	way, err := w.Approve(w.Context(), requests.Decision{Request: "AR-1", Seen: 1, By: w.by(), Yes: true})
	if err != nil {
		w.Fatal(err)
	}
	return way
}

// emergency is a role that Noor takes.
func (w *world) emergency() requests.BreakGlass {
	return requests.BreakGlass{Origin: "view-1", By: peopletest.Person("noor"), Account: "U-noor", App: "db", Role: "admin", Wanted: time.Hour, Reason: "It is down", Incident: "INC-1", Typed: "database"}
}

func (w *world) signedIn(change func(*idp.Authentication)) {
	w.Helper()
	who := w.okta.states
	if change != nil {
		change(&who)
	}
	if err := w.gives.SignedIn(w.Context(), who); err != nil {
		w.Fatal(err)
	}
}

// told is what Noor and IT are told, by title, in order.
func (w *world) told() (out []string) {
	w.Helper()
	err := w.store.View(w.Context(), func(tx store.Tx) error {
		all, err := tx.Tasks("", 0, 100)
		for _, t := range all {
			var m struct {
				To    access.PersonID
				Title string
				Lines []string
			}
			if err := json.Unmarshal(t.Payload, &m); err != nil {
				return err
			}
			to := map[access.PersonID]string{noor: "noor", "": "IT"}[m.To]
			out = append(out, to+": "+m.Title+" | "+strings.Join(m.Lines, " "))
		}
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// wantTold wants messages that begin like this, and none besides.
func (w *world) wantTold(want ...string) {
	w.Helper()
	got := w.told()
	if len(got) != len(want) {
		w.Fatalf("told: %q, want %q", got, want)
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			w.Errorf("told: %q, want %q", got[i], want[i])
		}
	}
}

func (w *world) underWay() (n int) {
	w.Helper()
	err := w.store.View(w.Context(), func(tx store.Tx) error {
		all, err := store.OpenSignIns(tx)
		n = len(all)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return n
}

// TestASignInWithACodeGoesThroughByItself: there is no page of ours on which somebody could.
func TestASignInWithACodeGoesThroughByItself(t *testing.T) {
	w := codeWorld(t)
	way := w.yes()
	if way.Code != "WDJB-MJHT" || way.Link != "" || way.At != "https://okta.example/activate" || way.Directory != "okta" || !way.Expires.Equal(w.now.Add(5*time.Minute)) {
		t.Errorf("she is shown %+v", way)
	}
	w.signedIn(nil)
	if len(w.decided) != 1 || w.decided[0].Request != "AR-1" || w.decided[0].SignIn == "" || w.underWay() != 0 {
		t.Errorf("decided: %+v, open: %d", w.decided, w.underWay())
	}
	w.wantTold("noor: You have signed in and approved Database · Admin")
}

// TestWhatComesOfACodeIsTold: nobody looks at a page that could say it.
func TestWhatComesOfACodeIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		world   func(*world)
		states  func(*idp.Authentication)
		decided int
		want    []string
	}{
		"another account": {nil, func(a *idp.Authentication) { a.Account = "00u-tom" }, 0, []string{"IT: Somebody signed in for somebody else", "noor: Somebody else signed in for you"}},
		"not as sure":     {nil, func(a *idp.Authentication) { a.Level = "pwd" }, 0, []string{"noor: Your sign-in counts for nothing: Database · Admin | You have signed in, but the directory doesn't say that it was as sure"}},
		"it is refused":   {func(w *world) { w.says = access.Refuse(access.TooLate, "", "It was decided already.") }, nil, 1, []string{"noor: Your sign-in counts for nothing: Database · Admin | It was decided already."}},
		"it is kept":      {func(w *world) { w.keeps = true }, nil, 1, []string{"noor: You have signed in: Database · Admin | Your yes is kept"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := codeWorld(t)
			w.yes()
			if c.world != nil {
				c.world(w)
			}
			w.signedIn(c.states)
			w.wantTold(c.want...)
			if len(w.decided) != c.decided || w.underWay() != 0 {
				t.Errorf("decided: %+v, open: %d", w.decided, w.underWay())
			}
		})
	}
}

// TestAFailureOfOursIsTriedAgain: what the directory stated isn't lost, and nothing is told twice.
func TestAFailureOfOursIsTriedAgain(t *testing.T) {
	w := codeWorld(t)
	w.yes()
	w.says = errors.New("no route to host")
	if err := w.gives.SignedIn(t.Context(), w.okta.states); err == nil || len(w.told()) > 0 {
		t.Errorf("a failure is taken for an answer: %v, told: %q", err, w.told())
	}
	w.says = nil
	w.signedIn(nil)
	w.wantTold("noor: You have signed in and approved Database · Admin")
}

// TestNobodySignedIn: whoever was to is told, and it counts for nothing.
func TestNobodySignedIn(t *testing.T) {
	for name, ends := range map[string]func(*world){
		"they said no": func(w *world) { w.gives.GaveUp(w.Context()) },
		"told twice":   func(w *world) { w.gives.GaveUp(w.Context()); w.gives.GaveUp(w.Context()) },
		"its time is up": func(w *world) {
			w.now = w.now.Add(time.Hour)
			w.due()
		},
		"Latchkey was started anew": func(w *world) {
			if err := w.Service.Begin(w.Context()); err != nil {
				w.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := codeWorld(t)
			w.yes()
			ends(w)
			w.wantTold("noor: Not signed in: Database · Admin | Nobody signed in to Okta in time, so your yes counts for nothing.")
			if len(w.decided) > 0 || w.underWay() != 0 {
				t.Errorf("decided: %+v, open: %d", w.decided, w.underWay())
			}
		})
	}
}

// due does what is due by now.
func (w *world) due() {
	w.Helper()
	err := w.units.Update(w.Context(), func(u *engine.Unit) error {
		for _, scan := range w.DueScans() {
			rows, err := u.Tx.Due(scan.Kind, u.At, 10)
			if err != nil {
				return err
			}
			for _, r := range rows {
				if err := scan.Do(u, r.ID); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
}

// TestALinkOutlivesAStart, and what others have decided meanwhile lapses without a word.
func TestALinkOutlivesAStart(t *testing.T) {
	w := newWorld(t)
	w.link()
	if err := w.Service.Begin(t.Context()); err != nil || w.underWay() != 1 {
		t.Errorf("%v, open: %d", err, w.underWay())
	}
	err := w.store.Update(t.Context(), func(tx store.Tx) error {
		r, err := store.Request(tx, "AR-1")
		r.State = access.RequestDenied
		return errors.Join(err, store.PutRequest(tx, &r))
	})
	if err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(time.Hour)
	w.due()
	w.wantTold()
	if w.underWay() != 0 {
		t.Error("it is open though its time is up")
	}
}

// TestARoleIsTakenOnceSomebodyHasSignedIn, with what they said when they took it.
func TestARoleIsTakenOnceSomebodyHasSignedIn(t *testing.T) {
	w := newWorld(t)
	way, err := w.TakeRole(t.Context(), w.emergency())
	if err != nil {
		t.Fatal(err)
	}
	id, secret, _ := strings.Cut(strings.TrimPrefix(way.Link, "https://latchkey.example/sign-in/"), "/")
	v, back := w.open(id, secret)
	if err := w.Back(t.Context(), back, v.Secret); err != nil {
		t.Fatal(err)
	}
	do, err := w.Look(t.Context(), id, v.Secret)
	if err != nil || !do.Emergency || do.For != noor || do.App != "db" || do.Reason != "It is down" || len(w.taken) > 0 {
		t.Fatalf("she is shown %+v, %v; taken: %+v", do, err, w.taken)
	}
	done, err := w.Confirm(t.Context(), id, v.Secret, do.Form)
	if err != nil || done.Request.ID != "AR-2" || len(w.taken) != 1 {
		t.Fatalf("%+v, %v; taken: %+v", done, err, w.taken)
	}
	if b := w.taken[0]; b.SignIn != id || b.By.ID != noor || b.Account != "U-noor" || b.Origin != "view-1" || b.Incident != "INC-1" || b.Typed != "database" || b.Wanted != time.Hour {
		t.Errorf("taken is %+v", b)
	}
}

// TestARoleThatNobodyMayTakeIsNotSignedInFor: that is said before.
func TestARoleThatNobodyMayTakeIsNotSignedInFor(t *testing.T) {
	for name, change := range map[string]func(*requests.BreakGlass){
		"no such role":        func(b *requests.BreakGlass) { b.Role = "reader" },
		"without its name":    func(b *requests.BreakGlass) { b.Typed = "" },
		"with another's name": func(b *requests.BreakGlass) { b.Typed = "admin" },
	} {
		w := codeWorld(t)
		b := w.emergency()
		change(&b)
		_, err := w.TakeRole(t.Context(), b)
		w.refused(name, err)
		if w.gives != nil || w.underWay() != 0 {
			t.Errorf("%s: a sign-in has begun", name)
		}
	}
	w := codeWorld(t)
	if _, err := w.TakeRole(t.Context(), w.emergency()); err != nil {
		t.Fatal(err)
	}
	w.gives.GaveUp(t.Context())
	w.wantTold("noor: Not signed in: Database · Admin | Nobody signed in to Okta in time, so you don't have the role.")
}

// TestACodeThatIsNotGivenLeavesNothingBehind.
func TestACodeThatIsNotGivenLeavesNothingBehind(t *testing.T) {
	w := codeWorld(t)
	w.says = errors.New("no route to host")
	if _, err := w.Approve(t.Context(), requests.Decision{Request: "AR-1", Seen: 1, By: w.by(), Yes: true}); err == nil || w.underWay() != 0 {
		t.Errorf("%v, open: %d", err, w.underWay())
	}
}

// TestWhereNobodyCanSignInThatIsSaid, and whom to ask.
func TestWhereNobodyCanSignInThatIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		dirs people.Directories
		want string
	}{
		"no directory takes a sign-in": {people.Directories{peopletest.Chart{}}, "nobody can sign in to a directory here"},
		"no account there is hers":     {people.Directories{&directory{id: "entra"}}, "I don't know which account there is yours"},
	} {
		w := newWorld(t)
		w.Service = stepup.New(stepup.Config{Units: w.units, Catalog: w.offer, Directories: c.dirs, Authority: w, Requests: w, People: w, Codes: w, Terms: stepup.Terms{Pages: "https://latchkey.example"}})
		_, err := w.Approve(t.Context(), requests.Decision{Request: "AR-1", Seen: 1, By: w.by(), Yes: true})
		if w.refused(name, err); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
