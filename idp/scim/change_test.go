package scim_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"latchkey/idp"
	"latchkey/idp/scim"
	sandbox "latchkey/sandbox/scim"
)

func patches(p place) (n int) {
	for _, c := range p.Calls() {
		if strings.HasPrefix(c, http.MethodPatch) {
			n++
		}
	}
	return n
}

// Whom somebody else comes before, reads the group anew and tries again; and gives up in words.
func TestAChangedGroupIsReadAnew(t *testing.T) {
	for others, want := range map[int]string{0: "", 1: "", 4: "", 5: "changed by others"} {
		p := newPlace(t, sandbox.Config{}, nil)
		figma, maya := p.AddGroup(sandbox.Group{Name: "figma"}), p.AddUser(sandbox.User{Email: "maya@x.com"})
		p.Meddle(figma, others)
		err := p.Add(t.Context(), figma, maya)
		if in := slices.Contains(p.Server.Members(figma), maya); in != (want == "") || (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%d others: %v, a member %v", others, err, in)
		}
		if n := patches(p); n != min(others+1, 5) {
			t.Errorf("%d others: %d writes", others, n)
		}
		if err != nil && (errors.Is(err, idp.ErrRefused) || errors.Is(err, idp.ErrDenied)) {
			t.Errorf("it is not tried again: %v", err)
		}
	}
}

// A group that came to be filled by something else between two tries is not changed any more.
func TestAGroupIsLookedAtBeforeEachTry(t *testing.T) {
	p := newPlace(t, sandbox.Config{}, nil)
	figma, maya := p.AddGroup(sandbox.Group{Name: "figma"}), p.AddUser(sandbox.User{Email: "maya@x.com"})
	if _, err := p.Group(t.Context(), figma); err != nil {
		t.Fatal(err)
	}
	p.EditGroup(figma, func(g *sandbox.Group) { g.Source = "rule" })
	if err := p.Add(t.Context(), figma, maya); !errors.Is(err, idp.ErrRefused) || !strings.Contains(err.Error(), `source is "rule"`) || patches(p) != 0 {
		t.Errorf("%v, %d writes", err, patches(p))
	}
}

// One member is taken out, and nobody else, by either form; and by the wrong form nobody.
func TestOneMemberIsRemoved(t *testing.T) {
	for name, c := range map[string]struct {
		server  sandbox.Config
		byValue bool
		want    string
	}{
		"by filter": {sandbox.Config{}, false, ""},
		"by value":  {sandbox.Config{NeedsArray: true}, true, ""},
		"by filter, where the server doesn't know that": {sandbox.Config{NeedsArray: true}, false, "invalidPath"},
		"by value, where that means everybody":          {sandbox.Config{}, true, "put them back"},
		"without versions":                              {sandbox.Config{NoVersions: true}, false, ""},
		"without a word":                                {sandbox.Config{NoContent: true}, false, ""},
	} {
		p := newPlace(t, c.server, func(cfg *scim.Config) { cfg.RemoveByValue = c.byValue })
		figma, maya, noor := p.AddGroup(sandbox.Group{Name: "figma"}), p.AddUser(sandbox.User{Email: "maya@x.com"}), p.AddUser(sandbox.User{Email: "noor@x.com"})
		p.SetMember(figma, maya, true)
		p.SetMember(figma, noor, true)
		err := p.Remove(t.Context(), figma, maya)
		if c.want != "" {
			if !errors.Is(err, idp.ErrRefused) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if left := p.Server.Members(figma); err != nil || !slices.Equal(left, []string{noor}) {
			t.Errorf("%s: %v, %v are left", name, err, left)
		}
		before := patches(p)
		if err := p.Remove(t.Context(), figma, maya); err != nil || !slices.Equal(p.Server.Members(figma), []string{noor}) {
			t.Errorf("%s, once more: %v, %v", name, err, p.Server.Members(figma))
		}
		if c.byValue && patches(p) != before {
			t.Errorf("%s: nobody was to be removed, and that was sent", name)
		}
	}
}

func TestWhatAServerRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		fault sandbox.Fault
		kind  error // nil: it is tried again
		want  string
	}{
		"it can't be changed":     {sandbox.Fault{Method: "PATCH", Status: 400, Type: "mutability"}, idp.ErrRefused, "change it where it comes from"},
		"it is said twice":        {sandbox.Fault{Method: "PATCH", Status: 409, Type: "uniqueness"}, nil, "409"},
		"it is not modelled":      {sandbox.Fault{Method: "PATCH", Status: 501}, idp.ErrRefused, "does not support"},
		"too little said":         {sandbox.Fault{Method: "PATCH", Status: 400}, nil, "400"},
		"an odd value":            {sandbox.Fault{Method: "PATCH", Status: 400, Type: "invalidValue"}, idp.ErrRefused, "invalidValue"},
		"no right":                {sandbox.Fault{Method: "PATCH", Status: 403}, idp.ErrDenied, "give it the right"},
		"a lock":                  {sandbox.Fault{Method: "PATCH", Status: 423}, nil, "tried again"},
		"a fault of its own":      {sandbox.Fault{Method: "PATCH", Status: 500}, nil, "tried again"},
		"a proxy's sign-in":       {sandbox.Fault{Page: "Sign in"}, nil, "a web page answered"},
		"a page that knows not":   {sandbox.Fault{Page: "Oops", Status: 404}, nil, "a web page answered"},
		"a redirection":           {sandbox.Fault{Page: "Moved", Status: 302}, nil, "a redirection answered"},
		"a gateway's 404":         {sandbox.Fault{Status: 404, Body: `{"message":"no route matched"}`}, nil, "knows nothing of this address"},
		"a 404 of few words":      {sandbox.Fault{Path: "/scim/v2/Users/*", Status: 404, Body: `{"detail":"no such user"}`}, idp.ErrNotFound, "no account has the id"},
		"an answer cut short":     {sandbox.Fault{Body: `{"id":`}, nil, "can't be read (it is no JSON)"},
		"a list for a resource":   {sandbox.Fault{Body: `[]`}, nil, "can't be read (it is of the type array)"},
		"nothing for a resource":  {sandbox.Fault{Body: ` `}, nil, "can't be read"},
		"another resource":        {sandbox.Fault{Body: `{"id":"x-1"}`}, nil, "look for a proxy that keeps answers"},
		"a connection that drops": {sandbox.Fault{Method: "PATCH", Drop: true}, nil, "could not be reached"},
	} {
		p := newPlace(t, sandbox.Config{}, nil)
		figma, maya := p.AddGroup(sandbox.Group{Name: "figma"}), p.AddUser(sandbox.User{Email: "maya@x.com"})
		p.AddFault(c.fault)
		err := p.Add(t.Context(), figma, maya)
		known := errors.Is(err, idp.ErrNotFound) || errors.Is(err, idp.ErrDenied) || errors.Is(err, idp.ErrRefused)
		if err == nil || !strings.Contains(err.Error(), c.want) || known != (c.kind != nil) || known && !errors.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A member who is there already may be a conflict to a server: it is what was wanted. So is one who isn't there and
// was to be removed.
func TestAConflictOverWhatIsSoAlready(t *testing.T) {
	for name, fault := range map[string]sandbox.Fault{
		"uniqueness":         {Method: "PATCH", Status: 409, Type: "uniqueness"},
		"a bare conflict":    {Method: "PATCH", Status: 409},
		"uniqueness, as 400": {Method: "PATCH", Status: 400, Type: "uniqueness"},
	} {
		p := newPlace(t, sandbox.Config{}, nil)
		figma, maya := p.AddGroup(sandbox.Group{Name: "figma"}), p.AddUser(sandbox.User{Email: "maya@x.com"})
		p.AddFault(fault)
		if err := p.Add(t.Context(), figma, maya); err == nil {
			t.Errorf("%s: she is not there, and that passes for done", name)
		}
		p.SetMember(figma, maya, true)
		if err := p.Add(t.Context(), figma, maya); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, fault := range map[string]sandbox.Fault{
		"no target":    {Method: "PATCH", Status: 400, Type: "noTarget"},
		"an odd value": {Method: "PATCH", Status: 400, Type: "invalidValue"},
		"not found":    {Method: "PATCH", Status: 404},
	} {
		p := newPlace(t, sandbox.Config{}, nil)
		figma, maya := p.AddGroup(sandbox.Group{Name: "figma"}), p.AddUser(sandbox.User{Email: "maya@x.com"})
		p.AddFault(fault)
		if err := p.Remove(t.Context(), figma, maya); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		p.SetMember(figma, maya, true)
		if err := p.Remove(t.Context(), figma, maya); err == nil || errors.Is(err, idp.ErrNotFound) {
			t.Errorf("%s: she is there, and it says %v", name, err)
		}
	}
}

// Nobody is not a member, and no server is asked to remove nobody.
func TestNobodyIsNotRemoved(t *testing.T) {
	p := newPlace(t, sandbox.Config{}, nil)
	figma := p.AddGroup(sandbox.Group{Name: "figma"})
	if err := p.Remove(t.Context(), figma, ""); err != nil || patches(p) != 0 {
		t.Errorf("%v, %d writes", err, patches(p))
	}
}

// A removal by value that fails has failed.
func TestARemovalByValueThatFails(t *testing.T) {
	p := newPlace(t, sandbox.Config{NeedsArray: true}, func(c *scim.Config) { c.RemoveByValue = true })
	figma, maya := p.AddGroup(sandbox.Group{Name: "figma"}), p.AddUser(sandbox.User{Email: "maya@x.com"})
	p.SetMember(figma, maya, true)
	p.AddFault(sandbox.Fault{Method: "PATCH", Status: 503})
	if err := p.Remove(t.Context(), figma, maya); err == nil {
		t.Error("it passes for done")
	}
}

// A grant is four calls: the account, what the server can do, the group and the change; its end is two.
func TestAGrantIsFewCalls(t *testing.T) {
	p := newPlace(t, sandbox.Config{}, nil)
	figma, maya := p.AddGroup(sandbox.Group{Name: "figma", Members: []string{"u-9"}}), p.AddUser(sandbox.User{Email: "maya@x.com"})
	for i, want := range []int{4, 3} {
		before := len(p.Calls())
		if err := p.Add(t.Context(), figma, maya); err != nil {
			t.Fatal(err)
		}
		if n := len(p.Calls()) - before; n != want {
			t.Errorf("time %d: %d calls, %v", i+1, n, p.Calls()[before:])
		}
	}
	before := len(p.Calls())
	if err := p.Remove(t.Context(), figma, maya); err != nil || len(p.Calls())-before != 2 {
		t.Errorf("%v, %v", err, p.Calls()[before:])
	}
}

func TestAServerWithoutPatchIsSaidSo(t *testing.T) {
	p := newPlace(t, sandbox.Config{NoPatch: true}, nil)
	figma, maya := p.AddGroup(sandbox.Group{Name: "figma"}), p.AddUser(sandbox.User{Email: "maya@x.com"})
	if g, err := p.Group(t.Context(), figma); err != nil || g.Governable || !strings.Contains(g.Why, "PATCH") {
		t.Errorf("%+v, %v", g, err)
	}
	if err := p.Add(t.Context(), figma, maya); !errors.Is(err, idp.ErrRefused) || patches(p) != 0 {
		t.Errorf("%v, %d writes", err, patches(p))
	}
	if f := finding(t, p, "read what the server can do"); f.OK || !strings.Contains(f.Detail, "can't change single members") {
		t.Errorf("%+v", f)
	}
	silent := newPlace(t, sandbox.Config{NoConfig: true}, nil)
	figma, maya = silent.AddGroup(sandbox.Group{Name: "figma"}), silent.AddUser(sandbox.User{Email: "maya@x.com"})
	if err := silent.Add(t.Context(), figma, maya); err != nil {
		t.Errorf("a server that doesn't say what it can do: %v", err)
	}
	if f := finding(t, silent, "read what the server can do"); !f.OK || !strings.Contains(f.Detail, "doesn't say") {
		t.Errorf("%+v", f)
	}
}

// What a read shows may be older than a write. The version of what was read is then an old one, so the write is
// refused and the group read again.
func TestAStaleReadIsNoGroundForAWrite(t *testing.T) {
	p := newPlace(t, sandbox.Config{}, nil)
	figma, maya, noor := p.AddGroup(sandbox.Group{Name: "figma"}), p.AddUser(sandbox.User{Email: "maya@x.com"}), p.AddUser(sandbox.User{Email: "noor@x.com"})
	p.SetMember(figma, noor, true)
	p.TrailBy(figma, 3)
	if err := p.Add(t.Context(), figma, maya); err != nil {
		t.Fatal(err)
	}
	if is, err := p.IsMember(t.Context(), figma, maya); err != nil || is {
		t.Fatalf("the read doesn't trail, so nothing is tested: %v, %v", is, err)
	}
	if err := p.Remove(t.Context(), figma, maya); err != nil || slices.Contains(p.Server.Members(figma), maya) {
		t.Errorf("%v, %v", err, p.Server.Members(figma))
	}
	if p.ReadLag() <= 0 {
		t.Error("nobody is told that reads may trail")
	}
}
