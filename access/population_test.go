package access_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
)

var readAt = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)

// reading is one that found n accounts, by a list that the vendor counts.
func reading(n int, after time.Duration, change ...func(*access.Reading)) access.Reading {
	first := readAt.Add(after)
	r := access.Reading{
		Lists: []access.ListRead{{
			Request: access.APIRequest{Method: "GET", Path: "/api/v1/groups/g/users", Params: []access.APIParam{{Name: "limit", Value: "200"}}},
			Pages:   n/200 + 1, Rows: n, First: first, Last: first.Add(2 * time.Second),
			Count: access.VendorCount{N: n, Known: true, At: first.Add(3 * time.Second)},
		}},
		Accounts: n, RowsHash: strings.Repeat("a", 64), AccountsHash: strings.Repeat("b", 64),
	}
	for _, c := range change {
		c(&r)
	}
	return r
}

func uncounted(r *access.Reading)  { r.Lists[0].Count = access.VendorCount{} }
func byPosition(r *access.Reading) { r.Lists[0].ByPosition = true }
func moved(r *access.Reading)      { r.Lists[0].Moved = true }
func others(r *access.Reading)     { r.AccountsHash = strings.Repeat("c", 64) }

func population(all ...access.Reading) access.Population {
	return access.Population{Directory: "okta", Service: "Okta", Group: "g", Name: "figma", Tool: "1.0", Readings: all}
}

// withInner is a group with another one in it, whose members are counted by themselves.
func withInner(outer, inner, accounts int) access.Reading {
	r := reading(outer, 0)
	r.Lists[0].NotAccounts = 1
	r.Lists = append(r.Lists, reading(inner, time.Second).Lists[0])
	r.Accounts = accounts
	return r
}

func TestWhatProvesAPopulation(t *testing.T) {
	half := func(r *access.Reading) { r.Lists[0].Count.N = 211 }
	for name, c := range map[string]struct {
		p    access.Population
		want access.Proof
	}{
		"the count is that of the rows":                     {population(reading(412, 0)), access.ProvedByCount},
		"nobody, and nobody is counted":                     {population(reading(0, 0)), access.ProvedByCount},
		"one more is counted":                               {population(reading(412, 0, func(r *access.Reading) { r.Lists[0].Count.N++ })), access.CountDiffers},
		"one less is counted":                               {population(reading(412, 0, func(r *access.Reading) { r.Lists[0].Count.N-- })), access.CountDiffers},
		"none is counted, and that is known":                {population(reading(412, 0, func(r *access.Reading) { r.Lists[0].Count.N = 0 })), access.CountDiffers},
		"a count that differs twice is no proof":            {population(reading(412, 0, half), reading(412, time.Minute, half)), access.CountDiffers},
		"it differed once, and not any more":                {population(reading(412, 0, half), reading(412, time.Minute)), access.ProvedByCount},
		"not counted, read once":                            {population(reading(412, 0, uncounted)), access.CountUnknown},
		"not counted, read twice alike":                     {population(reading(412, 0, uncounted), reading(412, time.Minute, uncounted)), access.ProvedByRereading},
		"not counted, read twice otherwise":                 {population(reading(412, 0, uncounted), reading(412, time.Minute, uncounted, others)), access.Unsteady},
		"not counted, and the second begins before the end": {population(reading(412, 0, uncounted), reading(412, time.Second, uncounted)), access.Unsteady},
		"not counted, nobody, twice":                        {population(reading(0, 0, uncounted), reading(0, time.Minute, uncounted)), access.CountUnknown},
		"only the last two have to agree":                   {population(reading(410, 0, uncounted, others), reading(412, time.Minute, uncounted), reading(412, time.Hour, uncounted)), access.ProvedByRereading},
		"an agreement that didn't last":                     {population(reading(412, 0, uncounted), reading(412, time.Minute, uncounted), reading(412, time.Hour, uncounted, others)), access.Unsteady},
		"by position, once":                                 {population(reading(412, 0, byPosition)), access.Unconfirmed},
		"by position, twice":                                {population(reading(412, 0, byPosition), reading(412, time.Minute, byPosition)), access.ProvedByRereading},
		"somebody moved, once":                              {population(reading(412, 0, moved)), access.Unconfirmed},
		"somebody moved, and then nobody":                   {population(reading(412, 0, moved), reading(412, time.Minute)), access.ProvedByCount},
		"somebody moved, twice alike":                       {population(reading(412, 0, moved), reading(412, time.Minute, moved)), access.ProvedByRereading},
		"somebody moved, twice, otherwise":                  {population(reading(412, 0, moved), reading(412, time.Minute, moved, others)), access.Unsteady},
		"by position, twice, otherwise":                     {population(reading(412, 0, byPosition), reading(412, time.Minute, byPosition, others)), access.Unsteady},
		"somebody twice, and the count fits":                {population(reading(412, 0, func(r *access.Reading) { r.Lists[0].Rows, r.Lists[0].Repeated = 413, 1 })), access.RowsRepeated},
		"a page twice, and the count fits the rows":         {population(reading(412, 0, func(r *access.Reading) { r.Lists[0].Repeated, r.Accounts = 200, 212 })), access.RowsRepeated},
		"rows that no count counts":                         {population(reading(412, 0, func(r *access.Reading) { r.Lists[0].Rows, r.Lists[0].Uncounted, r.Lists[0].NotAccounts = 415, 3, 3 })), access.ProvedByCount},
		"one is no member":                                  {population(reading(412, 0, func(r *access.Reading) { r.LookedUp, r.Strangers = 3, 1 })), access.NotMembers},
		"another list knows more":                           {population(reading(412, 0, func(r *access.Reading) { r.Lists[0].Unlisted = 1 })), access.ListsDiffer},
		"rows that became nobody":                           {population(reading(412, 0, func(r *access.Reading) { r.Accounts = 411 })), access.RowsLost},
		"accounts that came of no row":                      {population(reading(412, 0, func(r *access.Reading) { r.Accounts = 413 })), access.RowsLost},
		"a group in it, nobody in both":                     {population(withInner(11, 20, 30)), access.ProvedByCount},
		"a group in it, somebody in both":                   {population(withInner(11, 20, 25)), access.ProvedByCount},
		"a group in it that is not whole":                   {population(withInner(11, 20, 19)), access.RowsLost},
		"nothing was read":                                  {population(), access.Unread},
		"it broke off":                                      {access.Population{Group: "g", Readings: []access.Reading{reading(3, 0)}, Failure: "page 2 failed"}, access.Unread},
		"no request":                                        {population(reading(3, 0, func(r *access.Reading) { r.Lists[0].Request = access.APIRequest{} })), access.Unread},
		"no pages":                                          {population(reading(3, 0, func(r *access.Reading) { r.Lists[0].Pages = 0 })), access.Unread},
		"no lists":                                          {population(reading(0, 0, func(r *access.Reading) { r.Lists = nil })), access.Unread},
		"no time":                                           {population(reading(3, 0, func(r *access.Reading) { r.Lists[0].First = time.Time{} })), access.Unread},
		"the last page before the first":                    {population(reading(3, 0, func(r *access.Reading) { r.Lists[0].Last = readAt.Add(-1) })), access.Unread},
		"counted before the last page":                      {population(reading(3, 0, func(r *access.Reading) { r.Lists[0].Count.At = readAt.Add(time.Second) })), access.Unread},
		"no hash of the rows":                               {population(reading(3, 0, func(r *access.Reading) { r.RowsHash = "" })), access.Unread},
		"no hash of the accounts":                           {population(reading(3, 0, func(r *access.Reading) { r.AccountsHash = "" })), access.Unread},
		"figures that can't be":                             {population(reading(3, 0, func(r *access.Reading) { r.Lists[0].Repeated = -1 })), access.Unread},
		"more apart than rows":                              {population(reading(3, 0, func(r *access.Reading) { r.Lists[0].Uncounted = 4 })), access.Unread},
	} {
		got := c.p.Proof()
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		proven := c.want == access.ProvedByCount || c.want == access.ProvedByRereading
		if c.p.Proven() != proven || (c.p.Problem() == "") != proven || c.p.Usable() != proven || c.p.Says() == "" {
			t.Errorf("%s: proven %v, usable %v, problem %q, says %q", name, c.p.Proven(), c.p.Usable(), c.p.Problem(), c.p.Says())
		}
	}
}

func TestWhatIsSaidOfAPopulation(t *testing.T) {
	for want, p := range map[string]access.Population{
		"Okta counts 412 members after the last page, and as many were read, nobody twice: 3 pages, from 2026-12-01T09:00:00Z to 2026-12-01T09:00:02Z.":            population(reading(412, 0)),
		"Okta doesn't count the members. Two readings in a row found the same 1 account, nobody twice: 1 page, from 2026-12-01T09:01:00Z to 2026-12-01T09:01:02Z.": population(reading(1, 0, uncounted), reading(1, time.Minute, uncounted)),
		"Okta counts as many members as were read, and cuts its pages by position. Two readings":                                                                   population(reading(1, 0, byPosition), reading(1, time.Minute, byPosition)),
		`Okta counts 9 and 8 were read of "figma". It was read 2 times, with 7, 8 accounts. Somebody may be missing`:                                               population(reading(7, 0), reading(8, time.Minute, func(r *access.Reading) { r.Lists[0].Count.N = 9 })),
		`Okta counts 21 at /api/v1/groups/g/users, and 20 were read of "figma". It was read once.`:                                                                 population(func() access.Reading { r := withInner(11, 20, 30); r.Lists[1].Count.N = 21; return r }()),
		`The list of "figma" names 1 member a second time.`:                                                                                                        population(reading(8, 0, func(r *access.Reading) { r.Lists[0].Repeated, r.Accounts = 1, 7 })),
		`Of 8 rows that were received of "figma" only 7 became members. That is a fault of Latchkey's`:                                                             population(reading(8, 0, func(r *access.Reading) { r.Accounts = 7 })),
		`Of 3 members of "figma" that were looked up by themselves, 2 are not in it. It was read once. The list may be`:                                            population(reading(412, 0, func(r *access.Reading) { r.LookedUp, r.Strangers = 3, 2 })),
		"Okta counts 3 members after the last page, and as many were read, nobody twice: 1 page, from 2026-12-01T09:00:00Z to 2026-12-01T09:00:02Z. Not counted like members: devices: 2. Looked up by themselves, and found to be in it: 1 member. By more than one account of the same person or address: 1 further account, each with a row of its own.": population(reading(3, 0, func(r *access.Reading) {
			r.Lists[0].Rows, r.Lists[0].Uncounted, r.Lists[0].NotAccounts, r.Lists[0].Apart = 5, 2, 2, "devices: 2"
			r.LookedUp, r.Doubled = 1, 1
		})),
		`Okta names, on another list, 2 members of "figma" that this one doesn't. It was read once.`:                          population(reading(412, 0, func(r *access.Reading) { r.Lists[0].Unlisted = 2 })),
		`Okta lists nobody in "figma" and doesn't say how many there are. An empty answer proves nothing`:                     population(reading(0, 0, uncounted)),
		`Okta doesn't say how many are in "figma", and it was read only once.`:                                                population(reading(8, 0, uncounted)),
		`Okta cuts the list of "figma" into pages by position`:                                                                population(reading(8, 0, byPosition)),
		`Two readings in a row of "figma" found different members. It was read 2 times, with 7, 8 accounts.`:                  population(reading(7, 0, uncounted, others), reading(8, time.Minute, uncounted)),
		`Who is in "g" could not be read to the end: page 2 failed. Nothing is known of it, and a review can't start with it`: {Group: "g", Failure: "page 2 failed."},
		`Who is in "g" could not be read to the end: nothing says how it was read.`:                                           {Group: "g"},
		`The directory counts 1 member`: {Group: "g", Readings: []access.Reading{reading(1, 0)}},
	} {
		if got := p.Says(); !strings.HasPrefix(got, want) {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

// TestWhoAcceptsAPopulation: by name, with a reason, and only what they saw.
func TestWhoAcceptsAPopulation(t *testing.T) {
	it, at := access.Actor{Person: "P-0123456789", Via: access.ViaSlack}, readAt.Add(time.Hour)
	differs := population(reading(8, 0, func(r *access.Reading) { r.Lists[0].Count.N = 9 }))
	for name, c := range map[string]struct {
		p   access.Population
		by  access.Actor
		why string
	}{
		"what is proven":   {population(reading(8, 0)), it, "I looked"},
		"what wasn't read": {population(), it, "I looked"},
		"what was lost":    {population(reading(8, 0, func(r *access.Reading) { r.Accounts = 7 })), it, "I looked"},
		"without a reason": {differs, it, ""},
		"by nobody":        {differs, access.Actor{}, "I looked"},
	} {
		if got, err := c.p.Accept(c.by, at, c.why); err == nil || got.Accepted != nil {
			t.Errorf("%s: accepted", name)
		} else if _, refused := access.AsRefusal(err); !refused {
			t.Errorf("%s: %v is no refusal", name, err)
		}
	}
	accepted, err := differs.Accept(it, at, "The ninth is a deleted account; I looked.")
	if err != nil || !accepted.Usable() || accepted.Proven() || !strings.HasSuffix(accepted.Says(), "It was accepted as it is: The ninth is a deleted account; I looked.") {
		t.Fatalf("%v: %+v says %q", err, accepted.Accepted, accepted.Says())
	}
	if differs.Usable() {
		t.Error("what was before it was accepted, is usable")
	}
	later := accepted
	later.Readings = append(later.Readings, reading(8, time.Hour, others, func(r *access.Reading) { r.Lists[0].Count.N = 9 }))
	if later.Usable() {
		t.Error("what was read later is taken for accepted")
	}
	later.Readings[1] = reading(8, time.Hour, func(r *access.Reading) { r.Lists[0].Repeated, r.Accounts = 1, 7 })
	if later.Usable() {
		t.Error("another fault is taken for accepted")
	}
}

func TestFiguresOfReadings(t *testing.T) {
	r := withInner(11, 20, 30)
	if n, known := r.Counted(); r.Pages() != 2 || r.Rows() != 31 || r.Repeated() != 0 || n != 31 || !known {
		t.Errorf("%d pages, %d rows, %d repeated, %d counted (%v)", r.Pages(), r.Rows(), r.Repeated(), n, known)
	}
	if !r.Began().Equal(readAt) || !r.Ended().Equal(readAt.Add(3*time.Second)) {
		t.Errorf("from %v to %v", r.Began(), r.Ended())
	}
	r.Lists[1].Count.Known = false
	if _, known := r.Counted(); known {
		t.Error("a sum with an unknown number is known")
	}
	if _, known := (access.Reading{}).Counted(); known {
		t.Error("the count of nothing is known")
	}
	if n := population(r, r, r).Rereadings(); n != 2 || population().Rereadings() != 0 {
		t.Errorf("%d re-readings", n)
	}
}
