package pack_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/evidence/pack"
	"latchkey/evidence/pack/packtest"
)

// List is a list of a directory's, as it was read.
func List(path string, rows, counted int) access.ListRead {
	l := access.ListRead{
		Request: access.APIRequest{Method: "GET", Path: path, Params: []access.APIParam{{Name: "limit", Value: "200"}, {Name: "q", Value: "a&b"}}},
		Pages:   1, Rows: rows, First: packtest.At(2, 6, 0), Last: packtest.At(2, 6, 1),
	}
	if counted >= 0 {
		l.Count = access.VendorCount{N: counted, Known: true, At: packtest.At(2, 6, 2), Request: access.APIRequest{Method: "GET", Path: path + "/count"}}
	}
	return l
}

func reading(accounts int, hash string, later time.Duration, lists ...access.ListRead) access.Reading {
	for i := range lists {
		lists[i].First, lists[i].Last = lists[i].First.Add(later), lists[i].Last.Add(later)
		if lists[i].Count.Known {
			lists[i].Count.At = lists[i].Count.At.Add(later)
		}
	}
	return access.Reading{Lists: lists, Accounts: accounts, RowsHash: strings.Repeat("a", 64), AccountsHash: strings.Repeat(hash, 64)}
}

// A proof that was kept when a group was read is told as it was.
func TestPopulationOf(t *testing.T) {
	who := func(a access.Actor) pack.Actor { return pack.Actor{Person: string(a.Person), Name: "Ines Duarte"} }
	of := func(readings ...access.Reading) access.Population {
		return access.Population{Directory: "okta", Service: "Okta", Group: "00g1", Tool: "1.8.0", Readings: readings}
	}
	differs := of(reading(5, "b", 0, List("/g", 5, 6)))
	accepted, err := differs.Accept(access.Actor{Person: "P-INES"}, packtest.At(2, 8, 0), "a device")
	if err != nil {
		t.Fatal(err)
	}
	nested := reading(6, "b", 0, List("/g", 4, 4), List("/h", 3, 3))
	moved := List("/g", 5, 5)
	moved.Moved, moved.ByPosition = true, true
	apart := List("/g", 6, 5)
	apart.NotAccounts, apart.Uncounted, apart.Apart = 1, 1, "devices"
	for name, c := range map[string]struct {
		p      access.Population
		stands bool
		want   func(pack.Population) bool
	}{
		"counted": {of(reading(5, "b", 0, List("/g", 5, 5))), true, func(p pack.Population) bool {
			return p.Proven && p.Agrees() && p.Proof == "count" && p.Requests[0] == "GET /g?limit=200&q=a%26b" && p.CountedBy == "GET /g/count" && p.Version == "1.8.0" && p.Words != ""
		}},
		"counted otherwise": {differs, false, func(p pack.Population) bool { return !p.Proven && p.Proof == "count_differs" && p.Difference == nil }},
		"accepted": {accepted, true, func(p pack.Population) bool {
			return !p.Proven && p.Difference.By.Person == "P-INES" && p.Difference.Words == "a device" && p.Difference.At.Equal(packtest.At(2, 8, 0)) && !strings.Contains(p.Words, "a device")
		}},
		"read again": {of(reading(5, "b", 0, List("/g", 5, -1)), reading(5, "b", time.Hour, List("/g", 5, -1))), true, func(p pack.Population) bool {
			return p.Proof == "rereading" && len(p.Readings) == 1 && p.Readings[0].Why != "" && p.Counted.Knowledge() == pack.Unknown && p.First.Equal(packtest.At(2, 7, 0))
		}},
		"unsteady": {of(reading(4, "c", 0, List("/g", 4, -1)), reading(5, "b", time.Hour, List("/g", 5, -1))), false, func(p pack.Population) bool {
			return strings.Contains(p.Readings[0].Why, "found 4 members")
		}},
		"groups in groups": {of(nested), true, func(p pack.Population) bool {
			return p.Proven && p.Rows == 6 && p.Counted.Value == 7 && len(p.Requests) == 2 && strings.Contains(p.Apart, "1 are in several")
		}},
		"moved":      {of(reading(5, "b", 0, moved)), false, func(p pack.Population) bool { return p.Moved && p.ByPosition && p.Proof == "unconfirmed" }},
		"devices":    {of(reading(5, "b", 0, apart)), true, func(p pack.Population) bool { return p.Received == 6 && strings.Contains(p.Apart, "devices") }},
		"never read": {of(), false, func(p pack.Population) bool { return p.Proof == "unread" && p.Rows == 0 && p.Words != "" }},
	} {
		t.Run(name, func(t *testing.T) {
			got := pack.PopulationOf(c.p, 2, who)
			if !c.want(got) || got.Stands() != c.stands || got.Left != 2 {
				t.Errorf("%+v", got)
			}
		})
	}
}

// A list can be relied upon if it is proven and no count speaks against that, or somebody answers for it.
func TestWhichListsStand(t *testing.T) {
	counts := func(n int) pack.Reading { return pack.Reading{Counted: pack.Is(n)} }
	ines := &pack.Difference{By: packtest.Ines(), Words: "looked at"}
	for name, c := range map[string]struct {
		p    pack.Population
		want bool
	}{
		"counted":                      {pack.Population{Proven: true, Rows: 5, Reading: counts(5)}, true},
		"read again":                   {pack.Population{Proven: true, Rows: 5, Reading: pack.Reading{Counted: pack.Lacks[int](pack.NotAsked, "")}}, true},
		"counted otherwise":            {pack.Population{Proven: true, Rows: 5, Reading: counts(6)}, false},
		"counted otherwise, explained": {pack.Population{Proven: true, Rows: 5, Reading: pack.Reading{Counted: pack.Is(6), Apart: "one device"}}, true},
		"not proven":                   {pack.Population{Rows: 5, Reading: counts(5)}, false},
		"not proven, explained only":   {pack.Population{Rows: 5, Reading: counts(6), Difference: &pack.Difference{Explained: "?"}}, false},
		"accepted":                     {pack.Population{Rows: 5, Reading: counts(6), Difference: ines}, true},
	} {
		if c.p.Stands() != c.want {
			t.Errorf("%s: %v", name, !c.want)
		}
	}
}
