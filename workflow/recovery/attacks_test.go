package recovery_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/evidence"
	"latchkey/evidence/note"
	"latchkey/evidence/note/notetest"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/workflow/recovery"
)

// attacked is a world in which somebody has done something to the record. The one case
// it is about is Maya's: request AR-1 in the issue IT-1.
type attacked struct {
	*world
	*history
	all   []access.RecordedIssue
	known note.Trust // whose signatures count; unset: those of the world's key
}

func (a *attacked) Helper() { a.world.Helper() }

// attack is something that somebody does who is not Latchkey, and what comes of it.
type attack struct {
	name   string
	does   func(a *attacked)
	member bool   // Maya is in the group
	fate   string // of her access
	says   string // in what is listed; "" for nothing about it
}

// The fates of the access.
const (
	listed   = "nothing follows from it"
	doubted  = "kept until a human has looked"
	goesOn   = "goes on"
	waits    = "waits for a human"
	notThere = "goes on, and is said to be missing"
	over     = "over"
)

// older is access that is there, newer the same after it was given back.
func (a *attacked) older() lost { return a.held("1") }
func (a *attacked) newer(m lost) lost {
	return a.history.group(a.ending(m), access.EventMemberRemoved, false, "")
}

// put makes the issues carry cases, and their comments tell of them.
func (a *attacked) put(cases ...lost) *access.RecordedIssue {
	a.all = append(a.all, a.issues(cases...)...)
	return &a.all[0]
}

// anchor has the heads of cases anchored.
func (a *attacked) anchor(cases ...lost) {
	a.heads = evidence.Heads{Known: true, By: map[evidence.HeadKey]evidence.Head{}}
	for _, m := range cases {
		last := m.entries[len(m.entries)-1]
		a.heads.By[evidence.HeadKeyOf(last.Subject)] = evidence.Head{N: last.N, Leaf: [12]byte(last.Leaf[:12]), Seen: start(), Where: "Jira, IT-99"}
	}
}

// pages are those on which entries stand.
func (a *attacked) pages(m lost, entries []access.Entry) []string {
	m.entries = entries
	return a.issue(m).Record.Pages
}

func pack(text []byte) string {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression)
	_, _ = w.Write(text)
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// onProperties are attacks by whoever may edit the issue.
func onProperties() []attack {
	rollback := func(a *attacked, comments, anchors bool) {
		old := a.older()
		now := a.newer(old)
		a.put(old)
		if comments {
			a.marks["i1"] = marksOf(now)
		}
		if anchors {
			a.anchor(now)
		}
	}
	return []attack{
		{"01 end date edited", func(a *attacked) {
			is := a.put(a.older())
			is.Record.State = strings.Replace(is.Record.State, `"Until":"2026`, `"Until":"2036`, 1)
		}, true, listed, "the signature is false"},
		{"02 state signed by a stranger under our key's name", func(a *attacked) {
			m := a.older()
			ours := a.keys
			a.keys = notetest.Keys(notetest.Log)
			a.put(m)
			a.keys = ours
		}, true, listed, "a key that is not trusted"},
		{"03 unsigned state of an early version", func(a *attacked) {
			a.put(a.older()).Record.State = `{"v":1,"request":"AR-1"}`
		}, true, listed, "early version"},
		{"04 older state and page put back", func(a *attacked) { rollback(a, true, true) }, true, doubted, "shows that it once held event 8"},
		{"05 older state put back, later comments deleted", func(a *attacked) { rollback(a, false, true) }, true, doubted, "shows that it once held event 8"},
		{"06 older state put back, nothing anchored", func(a *attacked) { rollback(a, true, false) }, true, doubted, "a comment on the issue tells of event 7"},
		{"07 older state put back, nobody remembers, not a member", func(a *attacked) { rollback(a, false, false) }, false, notThere, "Nobody is put there again"},
		{"08 older state put back, nobody remembers, a member", func(a *attacked) { rollback(a, false, false) }, true, goesOn, ""},
		{"09 older state, newer page", func(a *attacked) {
			old := a.older()
			now := a.newer(old)
			a.put(old).Record.Pages = a.pages(now, now.entries)
			a.marks["i1"] = marksOf(old)
		}, true, doubted, "not those that were signed"},
		{"10 newer state, older page", func(a *attacked) {
			old := a.older()
			a.put(a.newer(old)).Record.Pages = a.pages(old, old.entries)
		}, true, listed, "holds 6 of the 8 events"},
		{"11 state of another issue", func(a *attacked) {
			other := a.held("2")
			other.Request.Issue = access.Issue{ID: "i2", Key: "IT-2"}
			is := a.put(a.older())
			is.Record = a.issue(other).Record
		}, true, listed, "was written for another issue"},
		{"12 page of another request", func(a *attacked) {
			a.put(a.older()).Record.Pages = a.issue(a.held("2")).Record.Pages
		}, true, listed, "don't lead to the one its state names"},
		{"13 event dropped inside a page", func(a *attacked) {
			m := a.older()
			a.put(m).Record.Pages = a.pages(m, slices.Delete(slices.Clone(m.entries), 2, 3))
		}, true, listed, "holds 5 of the 6 events"},
		{"14 two events exchanged", func(a *attacked) {
			m := a.older()
			turned := slices.Clone(m.entries)
			turned[2], turned[3] = turned[3], turned[2]
			a.put(m).Record.Pages = a.pages(m, turned)
		}, true, listed, "don't lead to the one its state names"},
		{"15 unsigned event appended", func(a *attacked) {
			m := a.older()
			e := m.Grant.Event(access.EventExtended, access.Actor{Person: maya}, start())
			e.Until = start().Add(catalog.Week)
			more := a.tell(m, e)
			a.put(m).Record.Pages = a.pages(more, more.entries)
			a.marks["i1"] = marksOf(m)
		}, true, doubted, "not those that were signed"},
		{"16 private part exchanged", func(a *attacked) {
			m := a.older()
			changed := slices.Clone(m.entries)
			changed[0].Private = bytes.Replace(changed[0].Private, []byte("maya@"), []byte("noor@"), 1)
			a.put(m).Record.Pages = a.pages(m, changed)
		}, true, listed, "don't lead to the one its state names"},
		{"17 place changed", func(a *attacked) {
			m := a.older()
			changed := slices.Clone(m.entries)
			changed[1].Place = 999
			a.put(m).Record.Pages = a.pages(m, changed)
		}, true, doubted, "not those that were signed"},
		{"18 page passed as a state", func(a *attacked) {
			is := a.put(a.older())
			is.Record.State = is.Record.Pages[0]
		}, true, listed, "not signed"},
		{"18 heads note passed as a state", func(a *attacked) {
			a.put(a.older()).Record.State = a.signed(note.Heads, "latchkey/heads/v1\n{}\n")
		}, true, listed, "of another kind"},
		{"18 checkpoint passed as a state", func(a *attacked) {
			a.put(a.older()).Record.State = a.signed(note.Checkpoint, notetest.Log+"\n6\nAAAA\n")
		}, true, listed, "of another kind"},
		{"19 page that unpacks to an enormous size", func(a *attacked) {
			a.put(a.older()).Record.Pages = []string{pack(make([]byte, 1<<26))}
		}, true, listed, "more than a page can hold"},
		{"19 pages put behind those that were signed", func(a *attacked) {
			is := a.put(a.older())
			bomb := pack(make([]byte, 1<<26))
			for range 500 {
				is.Record.Pages = append(is.Record.Pages, bomb)
			}
		}, true, doubted, "not those that were signed"},
		{"21 state deleted, comments there", func(a *attacked) {
			a.put(a.older()).Record = access.IssueRecord{}
		}, true, listed, "carries no state"},
		{"22 page deleted", func(a *attacked) { a.put(a.older()).Record.Pages = nil }, true, listed, "holds 0 of the 6 events"},
		{"23 issue deleted, anchors know it", func(a *attacked) { a.anchor(a.older()) }, true, listed, "no issue holds them any more"},
		{"24 written by a newer version", func(a *attacked) {
			a.newest = true
			a.put(a.older())
		}, true, listed, "newer version of Latchkey"},
		{"25 field that this version does not know", func(a *attacked) {
			a.unknown = true
			a.put(a.older())
		}, true, goesOn, ""},
	}
}

func (a *attacked) signed(k note.Kind, text string) string {
	signed, err := a.keys.Signer.Sign(a.Context(), notetest.Log, k, text)
	if err != nil {
		a.Fatal(err)
	}
	return signed
}

// onPlaces are attacks by whoever may move, copy and comment.
func onPlaces() []attack {
	return []attack{
		{"26 issue cloned", func(a *attacked) {
			is := *a.put(a.older())
			is.Issue = access.Issue{ID: "i7", Key: "IT-7"}
			a.all = append([]access.RecordedIssue{is}, a.all...)
		}, true, goesOn, "was written for another issue"},
		{"27 site cloned", func(a *attacked) {
			if err := a.store.Update(a.Context(), func(tx store.Tx) error {
				return store.PutTenant(tx, &store.Tenant{System: access.SystemJira, Tenant: "cloud-2"})
			}); err != nil {
				a.Fatal(err)
			}
			a.site = "cloud-1"
			a.put(a.older())
		}, true, listed, "another Jira site"},
		{"28 issue moved to another project", func(a *attacked) { a.put(a.older()).Issue.Key = "HR-4" }, true, goesOn, ""},
		{"29 log of another installation", func(a *attacked) {
			a.logName = "acme.test/latchkey/zzzzzzzz/1"
			ours := a.keys
			a.keys = notetest.Keys(a.logName)
			a.put(a.older())
			a.keys = ours
		}, true, listed, "a key that is not trusted"},
		{"30 made by another account than the state says", func(a *attacked) {
			m := a.older()
			m.Request.Issue.Creator = "acc-bot"
			a.put(m).Issue.Creator = "acc-mallory"
		}, true, listed, "another account had made"},
		{"32 comment by the bot's account with an unknown event", func(a *attacked) {
			m := a.older()
			a.put(m)
			a.marks["i1"] = append(marksOf(m), access.Mark{Event: "x", N: 3, Leaf: access.Hash{1}, At: start()})
		}, true, doubted, "an event 3 that is not in the story"},
		{"33 stamp taken off a comment", func(a *attacked) {
			m := a.older()
			a.put(m)
			a.marks["i1"][2] = access.Mark{Edited: true}
		}, true, doubted, "was changed by somebody"},
	}
}

// onWorld are what the directory, the catalogue and the keys may be like by then.
func onWorld() []attack {
	return []attack{
		{"34 active, not a member", func(a *attacked) { a.put(a.older()) }, false, notThere, "Nobody is put there again"},
		{"35 approved, not given", func(a *attacked) { a.put(a.approved("1")) }, false, waits, "Nothing is given unless you say so"},
		{"35 approved, on its way", func(a *attacked) { a.put(a.provisioning("1")) }, false, waits, "Nothing is given unless you say so"},
		{"36 ended, still a member", func(a *attacked) { a.put(a.newer(a.older())) }, true, over, "whose access has ended"},
		{"37 role gone from the catalogue", func(a *attacked) {
			a.put(a.older())
			a.offer = catalog.New(nil, nil)
		}, true, doubted, "the catalogue doesn't open any more"},
		{"38 group became protected", func(a *attacked) {
			a.okta.RenameGroup(a.world.group, "admins")
			a.put(a.pinned(a.older()))
		}, true, listed, "nobody is touched"},
		{"39 group renamed", func(a *attacked) {
			a.put(a.pinned(a.older()))
			a.okta.RenameGroup(a.world.group, "figma-people")
			a.okta.AddGroup("figma-editors", idptest.Plain)
		}, true, goesOn, ""},
		{"54 key stolen, signed after the last anchor", func(a *attacked) {
			m := a.older()
			a.put(m)
			a.known = note.NewTrust(note.Trusted{Public: a.keys.Signer.Public(), Stolen: start().Add(-time.Hour)})
		}, true, doubted, "a key that was stolen"},
		{"54 key stolen, anchored before", func(a *attacked) {
			m := a.older()
			a.put(m)
			a.anchor(m)
			a.known = note.NewTrust(note.Trusted{Public: a.keys.Signer.Public(), Stolen: start().Add(time.Hour)})
		}, true, goesOn, ""},
		{"55 key lost, public key known", func(a *attacked) {
			a.put(a.older())
			public, err := note.ParsePublic(a.keys.Signer.Public().String())
			if err != nil {
				a.Fatal(err)
			}
			a.known, a.keys = note.NewTrust(note.Trusted{Public: public}), note.Keys{}
		}, true, goesOn, ""},
		{"56 no key known", func(a *attacked) {
			a.put(a.older())
			a.known = note.NewTrust(note.Trusted{Public: notetest.Keys("elsewhere.test/latchkey/aaaaaaaa/1").Signer.Public()})
		}, true, listed, "a key that is not trusted"},
		{"two heads of one number", func(a *attacked) {
			m := a.older()
			a.put(m)
			other := m
			other.entries = slices.Clone(m.entries)
			other.entries[5].Leaf = access.Hash{9}
			a.anchor(other)
		}, true, doubted, "Two Latchkeys write, or the key was stolen"},
	}
}

// pinned is a case whose group and account are known by their ids.
func (a *attacked) pinned(m lost) lost {
	g := m.Grant.Pin(editors(), a.ids["maya"], a.world.group, false)
	m.Grant = &g
	return m
}

// TestAttacks tries what others can do to the record. Whatever it is, nobody is put
// into a group by it, and what can't be believed is said.
func TestAttacks(t *testing.T) {
	for _, table := range [][]attack{onProperties(), onPlaces(), onWorld()} {
		for _, tc := range table {
			t.Run(tc.name, func(t *testing.T) { tc.try(t) })
		}
	}
}

func (tc attack) try(t *testing.T) {
	a := &attacked{world: newWorld(t), history: &history{t: t}}
	a.world.member("maya", tc.member)
	tc.does(a)
	found := a.found(a.all)
	if !a.known.Nobody() {
		found.Trust = a.known
	}
	members := a.inside()
	out, err := a.Recover(t.Context(), found, false)
	if err != nil {
		t.Fatal(err)
	}
	if got := a.fateOf("G-1"); got != tc.fate {
		t.Errorf("the access %s, want that it %s; listed is %q", got, tc.fate, conflicts(out))
	}
	said := strings.Join(conflicts(out), "\n")
	if tc.says != "" && !strings.Contains(said, tc.says) || tc.says == "" && strings.Contains(said, "IT-1") {
		t.Errorf("listed is %q, want %q", said, tc.says)
	}
	if tc.fate != goesOn && tc.fate != over && !slices.ContainsFunc(out.Conflicts, func(c recovery.Conflict) bool { return c.Do != "" || c.About == "jira" || tc.fate == notThere }) {
		t.Errorf("nothing says what to do: %+v", out.Conflicts)
	}
	a.gaveNobodyAnything(members)
}

// inside are those who are in the editors' group.
func (a *attacked) inside() (out []string) {
	for handle, id := range a.ids {
		if a.okta.IsMember(a.world.group, id) {
			out = append(out, handle)
		}
	}
	slices.Sort(out)
	return out
}

// gaveNobodyAnything fails if somebody is in a group who was not, or is going to be
// without a human.
func (a *attacked) gaveNobodyAnything(members []string) {
	a.Helper()
	if now := a.inside(); !slices.Equal(now, members) {
		a.Errorf("in the group are %q, before %q", now, members)
	}
	if slices.ContainsFunc(a.tasks(), func(kind string) bool {
		return slices.Contains([]string{"grant.add", "answer.establish"}, kind)
	}) {
		a.Errorf("somebody is going to be put into a group: %q", a.tasks())
	}
}

// fateOf is what became of an access.
func (a *attacked) fateOf(grant string) string {
	var g access.Grant
	var err error
	a.view(func(tx store.Tx) error {
		g, err = store.Grant(tx, grant)
		return nil
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return listed
	case err != nil:
		return err.Error()
	case g.Disputed:
		return doubted
	case g.State == access.GrantStuck:
		return waits
	case g.State == access.GrantEnded:
		return over
	case g.State == access.GrantActive && g.Entitlements[0].Missing:
		return notThere
	case g.State == access.GrantActive:
		return goesOn
	}
	return string(g.State)
}
