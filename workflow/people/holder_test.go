package people_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// TestHolderOfAJiraAccount: what an account shows of itself proves nothing.
func TestHolderOfAJiraAccount(t *testing.T) {
	denied := &access.Failure{Class: access.Denied, Sentence: "The key is not accepted"}
	for _, c := range []struct {
		name    string
		account access.Account
		change  func(*world)
		want    access.PersonID
	}{
		{"the organization states the address", access.Account{ID: "j1", Active: true}, func(w *world) { w.jira["j1"] = "maya@acme.example" }, maya},
		{"it states another than is shown", access.Account{ID: "j1", Email: "noor@acme.example", Active: true}, func(w *world) { w.jira["j1"] = "maya@acme.example" }, maya},
		{"address shown only", access.Account{ID: "j1", Email: "maya@acme.example", Active: true}, nil, ""},
		{"address for a name", access.Account{ID: "j1", Name: "maya@acme.example", Active: true}, nil, ""},
		{"the organization refuses", access.Account{ID: "j1", Email: "maya@acme.example", Active: true}, func(w *world) { w.deaf = denied }, ""},
		{"of an address nobody has", access.Account{ID: "j1", Active: true}, func(w *world) { w.jira["j1"] = "nemo@acme.example" }, ""},
		{"inactive", access.Account{ID: "j1"}, func(w *world) { w.jira["j1"] = "maya@acme.example" }, ""},
		{"lost", access.Account{ID: "unknown", Active: true}, func(w *world) { w.jira["unknown"] = "maya@acme.example" }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := familiar(t, nil)
			if c.change != nil {
				w.set(c.change)
			}
			p, err := w.Holder(t.Context(), c.account)
			if p.ID != c.want || (c.want == "") != refused(err) {
				t.Fatalf("got %v, %v", p.ID, err)
			}
			if c.want != "" {
				w.keepsTheAccount("j1")
			}
		})
	}
}

// keepsTheAccount fails unless the account stays Maya's, whatever is said of it later.
func (w *world) keepsTheAccount(id string) {
	w.t.Helper()
	w.set(func(w *world) { w.jira[id] = "noor@acme.example" })
	again, err := w.Holder(w.t.Context(), access.Account{ID: id, Email: "noor@acme.example", Active: true})
	if err != nil || again.ID != maya || again.Account("jira") != id {
		w.t.Errorf("what is said later takes the account away: %v, %v", again, err)
	}
	if len(w.told) == 0 || !strings.Contains(w.told[0], "shows somebody else's address") {
		w.t.Errorf("IT was told %q", w.told)
	}
	i := slices.IndexFunc(w.stored(maya).Bindings, func(b access.Binding) bool { return b.System == "jira" })
	if b := w.stored(maya).Bindings[i]; b.Level != access.AssuranceStated || b.How == "" || b.Since.IsZero() {
		w.t.Errorf("bound as %+v", b)
	}
}

func TestTheOrganizationDoesNotAnswer(t *testing.T) {
	w := familiar(t, nil)
	w.set(func(w *world) { w.deaf = errors.New("no route to host") })
	if _, err := w.Holder(t.Context(), access.Account{ID: "j1", Email: "maya@acme.example", Active: true}); err == nil || refused(err) {
		t.Errorf("got %v, want to be asked again", err)
	}
}

// TestAnAccountThatWasOnlyTakenForSomebodys: what was bound by an address that Jira
// showed, or by a search, counts no more.
func TestAnAccountThatWasOnlyTakenForSomebodys(t *testing.T) {
	w := familiar(t, nil)
	w.remember(maya, access.Binding{System: "jira", ID: "j1", Level: access.AssuranceShown, Since: w.now})
	if _, err := w.Holder(t.Context(), access.Account{ID: "j1", Email: "maya@acme.example", Active: true}); !refused(err) {
		t.Errorf("got %v", err)
	}
	if _, err := w.Prove(t.Context(), people.Proof{Account: access.Account{ID: "j1", Active: true}, Issue: "IT-1", Code: w.code(maya), At: w.Now()}); err != nil {
		t.Fatal(err)
	}
	if p, err := w.Holder(t.Context(), access.Account{ID: "j1", Active: true}); err != nil || p.ID != maya {
		t.Errorf("once it is proved: %v, %v", p.ID, err)
	}
}

func TestASecondJiraAccountIsNobodys(t *testing.T) {
	w := familiar(t, nil)
	w.set(func(w *world) { w.jira["j1"], w.jira["j2"] = "maya@acme.example", "maya@acme.example" })
	if _, err := w.Holder(t.Context(), access.Account{ID: "j1", Active: true}); err != nil {
		t.Fatal(err)
	}
	_, err := w.Holder(t.Context(), access.Account{ID: "j2", Active: true})
	var c *access.Contradiction
	if !refused(err) || !errors.As(err, &c) || c.Has != "j1" {
		t.Errorf("got %v", err)
	}
	if len(w.told) == 0 || !strings.Contains(w.told[0], "j2 in jira is bound to nobody") {
		t.Errorf("IT was told %q", w.told)
	}
}

func TestHolderWithoutAnOrganization(t *testing.T) {
	w := familiar(t, func(c *people.Config) { c.Accounts = nil; c.Command = "/doors" })
	_, err := w.Holder(t.Context(), access.Account{ID: "j1", Name: "Maya", Email: "maya@acme.example", Active: true})
	if !refused(err) || !strings.Contains(fmt.Sprint(err), "/doors connect") {
		t.Errorf("got %v", err)
	}
	for a, want := range map[access.Account]access.PersonID{
		{ID: "j1", Email: "maya@acme.example", Active: true}: maya,
		{ID: "j1", Email: "nemo@acme.example", Active: true}: "",
		{ID: "j1", Active: true}:                             "",
		{ID: "j1", Email: "maya@acme.example"}:               "",
	} {
		if who := w.Hinted(t.Context(), a); who != want {
			t.Errorf("%+v may be %q, want %q", a, who, want)
		}
	}
}

func (w *world) code(who access.PersonID) string {
	w.t.Helper()
	code, err := w.Challenge(w.t.Context(), who, "IT-1")
	if err != nil {
		w.t.Fatal(err)
	}
	return code
}

// remember binds somebody to an account.
func (w *world) remember(who access.PersonID, b access.Binding) {
	w.t.Helper()
	err := w.units.Update(w.t.Context(), func(u *engine.Unit) error { return people.BindIn(u, who, b) })
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestACodeProvesWhoseAnAccountIs(t *testing.T) {
	w := familiar(t, nil)
	hidden := access.Account{ID: "j1", Name: "M.", Active: true}
	code := w.code(maya)
	for range 2 { // told again after a crash
		who, err := w.Prove(t.Context(), people.Proof{Account: hidden, Issue: "IT-1", Code: people.CodeIn("here: " + strings.ToLower(code) + "."), At: w.Now()})
		if err != nil || who != maya {
			t.Fatalf("got %v, %v", who, err)
		}
	}
	if p, err := w.Holder(t.Context(), hidden); err != nil || p.ID != maya {
		t.Errorf("got %v, %v", p.ID, err)
	}
	i := slices.IndexFunc(w.stored(maya).Bindings, func(b access.Binding) bool { return b.System == "jira" })
	if b := w.stored(maya).Bindings[i]; b.Level != access.AssuranceProven {
		t.Errorf("bound as %+v", b)
	}
}

// 31, and others: what was replaced, is late, was copied to another issue, or comes from
// another account.
func TestCodesThatProveNothing(t *testing.T) {
	mine := access.Account{ID: "j1", Name: "M.", Active: true}
	for name, c := range map[string]struct {
		proof func(*world) people.Proof
		alarm bool
	}{
		"unknown": {func(w *world) people.Proof {
			return people.Proof{Account: mine, Issue: "IT-1", Code: "LK-AAAAA-AAAAA", At: w.Now()}
		}, false},
		"on another issue": {func(w *world) people.Proof {
			return people.Proof{Account: mine, Issue: "IT-2", Code: w.code(maya), At: w.Now()}
		}, false},
		"late": {func(w *world) people.Proof {
			return people.Proof{Account: mine, Issue: "IT-1", Code: w.code(maya), At: w.Now().Add(11 * time.Minute)}
		}, false},
		"replaced by a new one": {func(w *world) people.Proof {
			old := w.code(maya)
			w.code(maya)
			return people.Proof{Account: mine, Issue: "IT-1", Code: old, At: w.Now()}
		}, false},
		"of an inactive account": {func(w *world) people.Proof {
			return people.Proof{Account: access.Account{ID: "j1"}, Issue: "IT-1", Code: w.code(maya), At: w.Now()}
		}, false},
		"of a lost account": {func(w *world) people.Proof {
			return people.Proof{Account: access.Account{ID: "unknown", Active: true}, Issue: "IT-1", Code: w.code(maya), At: w.Now()}
		}, false},
		"used by another account": {func(w *world) people.Proof {
			code := w.code(maya)
			if _, err := w.Prove(w.t.Context(), people.Proof{Account: access.Account{ID: "j7", Active: true}, Issue: "IT-1", Code: code, At: w.Now()}); err != nil {
				w.t.Fatal(err)
			}
			return people.Proof{Account: mine, Issue: "IT-1", Code: code, At: w.Now()}
		}, true},
		"written by a colleague": {func(w *world) people.Proof {
			return people.Proof{Account: access.Account{ID: "j1", Email: "noor@acme.example", Active: true}, Issue: "IT-1", Code: w.code(maya), At: w.Now()}
		}, true},
		"by e-mail, in the name of a colleague whose account hides its address": {func(w *world) people.Proof {
			w.set(func(w *world) { w.jira["j1"] = "noor@acme.example" })
			return people.Proof{Account: mine, Issue: "IT-1", Code: w.code(maya), At: w.Now()}
		}, true},
		"of somebody else's account": {func(w *world) people.Proof {
			w.remember(noor, access.Binding{System: "jira", ID: "j1", Level: access.AssuranceProven, Since: w.now})
			return people.Proof{Account: mine, Issue: "IT-1", Code: w.code(maya), At: w.Now()}
		}, true},
		"of somebody with another account": {func(w *world) people.Proof {
			w.remember(maya, access.Binding{System: "jira", ID: "j0", Level: access.AssuranceProven, Since: w.now})
			return people.Proof{Account: mine, Issue: "IT-1", Code: w.code(maya), At: w.Now()}
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := familiar(t, nil)
			p := c.proof(w)
			if who, err := w.Prove(t.Context(), p); !refused(err) || who != "" {
				t.Errorf("got %v, %v", who, err)
			}
			if w.stored(maya).Account("jira") == "j1" {
				t.Error("it is bound")
			}
			if (len(w.told) > 0) != c.alarm {
				t.Errorf("IT was told %q", w.told)
			}
		})
	}
}

func TestAfterThreeWrongCodesNoneCounts(t *testing.T) {
	w := familiar(t, nil)
	a := access.Account{ID: "j1", Active: true}
	for range 3 {
		if _, err := w.Prove(t.Context(), people.Proof{Account: a, Issue: "IT-1", Code: "LK-AAAAA-AAAAA", At: w.Now()}); !refused(err) {
			t.Fatal(err)
		}
	}
	code := w.code(maya)
	if _, err := w.Prove(t.Context(), people.Proof{Account: a, Issue: "IT-1", Code: code, At: w.Now()}); !refused(err) {
		t.Errorf("the fourth try: %v", err)
	}
	w.pass(time.Hour)
	code = w.code(maya)
	if who, err := w.Prove(t.Context(), people.Proof{Account: a, Issue: "IT-1", Code: code, At: w.Now()}); err != nil || who != maya {
		t.Errorf("an hour later: %v, %v", who, err)
	}
}

func TestWhatIsNoCode(t *testing.T) {
	for _, text := range []string{"", "LK-", "LK-AAAAA", "XLK-AAAAA-AAAAA", "LK-AAAAA-AAAA1", "L\u212a-AAAAA-AAAAA", "LK-AAAAA-AAAAAA"} {
		if code := people.CodeIn(text); code != "" {
			t.Errorf("%q has the code %s", text, code)
		}
	}
}
