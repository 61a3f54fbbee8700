package access

import (
	"latchkey/catalog"
)

// Circumstances are what a policy may ask of an ask that the people in it don't show. What is
// missing is not known.
type Circumstances struct {
	Manager Person                             // of who gets the access
	Groups  map[catalog.GroupRef]catalog.Truth // whether who gets the access is in the groups that the policy asks about
	Asker   map[catalog.GroupRef]catalog.Truth // the same of who asks, where that is somebody else
	Peers   catalog.Share
}

// attributesOf are what a condition is judged by. Of each person it is how they are known at this
// moment; an address counts for whom it means.
func attributesOf(a Ask, app catalog.App, role catalog.Role) catalog.Attributes {
	out := catalog.Attributes{
		App: app, Role: role, Wanted: a.Wanted, Extends: a.Extends != "", Peers: a.Around.Peers,
		Has: a.holdings(), Allowed: a.allowed(), Excepted: a.excepted, Late: a.late, Urgent: a.BreakGlass,
		Person: personAttributes(a.Beneficiary, a.Around.Groups), Requester: personAttributes(a.Requester, a.Around.Asker),
	}
	if m := a.Around.Manager.ID; m != "" && (a.Beneficiary.Manager == "" || m == a.Beneficiary.Manager) {
		out.Person.Manager, out.Person.ManagedBy = string(a.Around.Manager.Email), addressesOf(a.Around.Manager)
	}
	if a.Requester.ID == a.Beneficiary.ID {
		out.Requester = out.Person
	}
	return out
}

func personAttributes(p Person, groups map[catalog.GroupRef]catalog.Truth) catalog.PersonAttributes {
	return catalog.PersonAttributes{
		Email: string(p.Email), Addresses: addressesOf(p), Department: p.Department, Title: p.Title, Type: p.Employment, Location: p.Location, Groups: groups,
	}
}

// addressesOf are the addresses that mean a person where they were written down.
func addressesOf(p Person) []string {
	var out []string
	for _, b := range p.Bindings {
		if b.IsAddress() && p.MeantBy(Email(b.ID)) {
			out = append(out, b.ID)
		}
	}
	for _, a := range p.Still {
		out = append(out, string(a))
	}
	return out
}
