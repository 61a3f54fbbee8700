package idptest

import (
	"errors"
	"time"

	"latchkey/idp"
)

func (w world) person(email string) idp.Person {
	w.Helper()
	p, err := w.Directory.FindPerson(w.ctx, email)
	if err != nil {
		w.Fatalf("FindPerson(%s): %v", email, err)
	}
	return p
}

func (w world) wantErr(what string, err, want error) {
	w.Helper()
	if !errors.Is(err, want) {
		w.Errorf("%s: got error %v, want %v", what, err, want)
	}
}

func findsPeople(w world) {
	id := w.AddPerson(Person{Email: "Maya@x.com", Name: "Maya Chen", Title: "Designer", Department: "Design"})
	w.AddPerson(Person{Email: "noor@x.com", Name: "Noor Haddad"})
	for _, email := range []string{"maya@x.com", "MAYA@X.com"} {
		p := w.person(email)
		if p.ID != id || p.Email != "maya@x.com" || p.Name != "Maya Chen" || p.Title != "Designer" || p.Department != "Design" || p.Status != idp.Active || p.ManagerEmail != "" {
			w.Errorf("FindPerson(%s) = %+v", email, p)
		}
		if p.Created.IsZero() {
			w.Errorf("FindPerson(%s) was never created", email)
		}
		if read, err := w.Directory.Person(w.ctx, id); err != nil || read != p {
			w.Errorf("Person = %+v, %v, want what was found: %+v", read, err, p)
		}
	}
	for _, email := range []string{"nobody@x.com", "", `x" or status pr`, "maya", id} {
		_, err := w.Directory.FindPerson(w.ctx, email)
		w.wantErr("FindPerson("+email+")", err, idp.ErrNotFound)
	}
	for _, key := range []string{"none", "", "me", "no/../ne?x#y", "maya@x.com", "maya"} {
		_, err := w.Directory.Person(w.ctx, key)
		w.wantErr("Person("+key+")", err, idp.ErrNotFound)
	}
}

func prefersWhoIsHere(w world) {
	old := w.AddPerson(Person{Email: "maya@x.com", Login: "maya.old@x.com"})
	w.SetStatus(old, idp.Left)
	if p := w.person("maya@x.com"); p.ID != old || p.Status != idp.Left {
		w.Errorf("the only account: %+v, want %s who left", p, old)
	}
	here := w.AddPerson(Person{Email: "maya@x.com"})
	if p := w.person("maya@x.com"); p.ID != here || p.Status != idp.Active {
		w.Errorf("with a second account: %+v, want %s", p, here)
	}
	w.SetStatus(here, idp.Suspended)
	if p := w.person("maya@x.com"); p.ID != here || p.Status != idp.Suspended {
		w.Errorf("suspended: %+v, want %s", p, here)
	}
}

func refusesToGuess(w world) {
	w.AddPerson(Person{Email: "maya@x.com"})
	w.AddPerson(Person{Email: "maya@x.com", Login: "maya.admin@x.com"})
	_, err := w.Directory.FindPerson(w.ctx, "maya@x.com")
	w.wantErr("two accounts", err, idp.ErrAmbiguous)
}

func findsLogins(w world) {
	ada := w.AddPerson(Person{Email: "ada.byron@group.com", Login: "ada@x.com"})
	for _, address := range []string{"ada.byron@group.com", "ada@x.com", "ADA@x.com"} {
		if p := w.person(address); p.ID != ada || p.Login != "ada@x.com" || p.Email != "ada.byron@group.com" {
			w.Errorf("FindPerson(%s) = %+v", address, p)
		}
	}
	other := w.AddPerson(Person{Email: "ada@x.com", Login: "other@x.com"})
	_, err := w.Directory.FindPerson(w.ctx, "ada@x.com")
	w.wantErr("the login of one and the e-mail of another", err, idp.ErrAmbiguous)
	w.SetStatus(other, idp.Left)
	if p := w.person("ada@x.com"); p.ID != ada {
		w.Errorf("once the other has left: %+v", p)
	}
}

// followsAliases: an alias leads to its account, as that calls itself, or to nobody; never to whom the address isn't.
func followsAliases(w world) {
	noor, maya := w.AddPerson(Person{Email: "noor@x.com"}), w.AddPerson(Person{Email: "maya@x.com"})
	if !w.AddAlias(maya, "design@x.com") {
		w.Fatal("the vendor refuses an alias that nobody has")
	}
	want := w.person("maya@x.com")
	for _, alias := range []string{"design@x.com", "Design@X.com"} {
		p, err := w.Directory.FindPerson(w.ctx, alias)
		if err == nil && p != want || err != nil && !errors.Is(err, idp.ErrNotFound) {
			w.Errorf("FindPerson(%s) = %+v, %v, want %+v, or nobody", alias, p, err, want)
		}
	}
	if _, err := w.Directory.Person(w.ctx, "design@x.com"); !errors.Is(err, idp.ErrNotFound) {
		w.Errorf("an alias that is read as an id: %v", err)
	}
	if !w.AddAlias(maya, "noor@x.com") { // nobody shares an address
		return
	}
	for range 2 {
		if p := w.person("noor@x.com"); p.ID != noor || p.Email != "noor@x.com" {
			w.Errorf("the address of one and the alias of another: %+v, want %s", p, noor)
		}
		w.SetStatus(noor, idp.Left) // and still isn't the other
	}
}

// foldsNothingTogether: letters that Unicode folds into others are letters of somebody else's address.
func foldsNothingTogether(w world) {
	kim := w.AddPerson(Person{Email: "kim.is@x.com"})
	for _, odd := range []string{"\u212aim.is@x.com", "kim.\u0130s@x.com", "kim.\u0131s@x.com", "kim.i\u017f@x.com", "\uff4bim.is@x.com", "kim.is\u200b@x.com", "\u202ekim.is@x.com"} {
		p, err := w.Directory.FindPerson(w.ctx, odd)
		if err == nil {
			w.Errorf("FindPerson(%q) = %+v", odd, p)
		}
		w.AddPerson(Person{Email: odd})
	}
	if p := w.person("KIM.IS@x.com"); p.ID != kim {
		w.Errorf("among those of like addresses: %+v, want %s", p, kim)
	}
}

func resolvesManagers(w world) {
	noor := w.AddPerson(Person{Email: "Noor@x.com"})
	w.AddPerson(Person{Email: "maya@x.com", Manager: "Noor@x.com"})
	if p := w.person("maya@x.com"); p.ManagerID != noor || p.ManagerEmail != "noor@x.com" {
		w.Errorf("manager %q, %q, want %q, noor@x.com", p.ManagerID, p.ManagerEmail, noor)
	}
	p, err := w.Directory.FindPerson(idp.WithoutManagers(w.ctx), "maya@x.com")
	if err != nil || p.ManagerID != "" && p.ManagerID != noor || p.Status != idp.Active || p.Email != "maya@x.com" {
		w.Errorf("without whoever is her manager she is %+v, %v", p, err)
	}
	if p := w.person("noor@x.com"); p.ManagerID != "" || p.ManagerEmail != "" {
		w.Errorf("manager of the top %q, %q, want none", p.ManagerID, p.ManagerEmail)
	}
}

// tellsSignIns: a last sign-in that isn't known stays open, and one that is told happened. A list may leave it out, and
// what was told once may be told for a while.
func tellsSignIns(w world) {
	group := w.AddGroup("figma", Plain)
	want := map[string]time.Time{}
	var maya string
	for _, email := range []string{"tom@x.com", "noor@x.com", "maya@x.com"} {
		maya = w.AddPerson(Person{Email: email})
		w.SetMember(group, maya, true)
		want[maya] = time.Time{}
	}
	if w.SignedIn != nil {
		want[maya] = time.Now().Add(-3 * time.Hour).Truncate(time.Second)
		w.SignedIn(maya, want[maya].Add(-time.Hour))
		w.SignedIn(maya, want[maya])
	}
	for id, at := range want {
		p, err := w.Directory.Person(w.ctx, id)
		if found := w.person(p.Email); err != nil || !p.LastLogin.Equal(at) || !found.LastLogin.Equal(at) {
			w.Errorf("signed in at %s: read %s, found %s, %v", at, p.LastLogin, found.LastLogin, err)
		}
	}
	for _, m := range w.members(group) {
		if !m.LastLogin.IsZero() && !m.LastLogin.Equal(want[m.PersonID]) {
			w.Errorf("signed in at %s: listed %s", want[m.PersonID], m.LastLogin)
		}
	}
	w.listsSignIns(want)
}

func (w world) listsSignIns(want map[string]time.Time) {
	w.Helper()
	lister, able := idp.As[idp.PeopleLister](w.Directory)
	if !able {
		return
	}
	for p, err := range lister.People(w.ctx) {
		if at, made := want[p.ID]; err != nil || made && !p.LastLogin.IsZero() && !p.LastLogin.Equal(at) {
			w.Errorf("signed in at %s: listed among everybody %s, %v", at, p.LastLogin, err)
		}
	}
}

func handlesLeavers(w world) {
	group, maya := w.AddGroup("figma", Plain), w.AddPerson(Person{Email: "maya@x.com"})
	w.SetMember(group, maya, true)
	w.SetStatus(maya, idp.Left)
	members := w.members(group)
	if len(members) != 1 || members[0] != (idp.Membership{PersonID: maya, Email: "maya@x.com", Status: idp.Left}) {
		w.Fatalf("members %+v, want maya who left", members)
	}
	w.remove(group, maya)
	if w.IsMember(group, maya) {
		w.Error("a leaver is not removed")
	}
	w.DeletePerson(maya)
	w.remove(group, maya)
	_, err := w.Directory.Person(w.ctx, maya)
	w.wantErr("reading a deleted account", err, idp.ErrNotFound)
	w.wantErr("adding a deleted account", w.Directory.Add(w.ctx, group, maya), idp.ErrNotFound)
}

func checksFinds(w world) {
	w.AddPerson(Person{Email: "maya@x.com"})
	w.AddPerson(Person{Email: "noor@x.com"})
	w.Mislead("maya@x.com", "noor@x.com")
	p, err := w.Directory.FindPerson(w.ctx, "maya@x.com")
	w.wantErr("FindPerson that is answered with "+p.Email, err, idp.ErrNotFound)
	w.AddGroup("figma", Plain)
	w.AddGroup("notion", Plain)
	w.Mislead("figma", "notion")
	g, err := w.Directory.FindGroup(w.ctx, "figma")
	w.wantErr("FindGroup that is answered with "+g.Name, err, idp.ErrNotFound)
}

// checksReads wants an error that is no proof: the caller would take "not found" for "deleted".
func checksReads(w world) {
	maya, noor := w.AddPerson(Person{Email: "maya@x.com"}), w.AddPerson(Person{Email: "noor@x.com"})
	w.Mislead(maya, noor)
	_, err := w.Directory.Person(w.ctx, maya)
	w.transient("Person", err)
	figma, notion := w.AddGroup("figma", Plain), w.AddGroup("notion", Plain)
	w.Mislead(figma, notion)
	_, err = w.Directory.Group(w.ctx, figma)
	w.transient("Group", err)
}
