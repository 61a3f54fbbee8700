package packtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"latchkey/access"
	"latchkey/evidence/anchor"
	"latchkey/evidence/note"
	"latchkey/evidence/pack"
	"latchkey/evidence/pack/write"
)

// LogName is the log of the review of this file, and testKey a key for it that signs nothing
// but what tests make.
const (
	LogName = "northwind.test/latchkey/7f3k9q2m/1"
	testKey = "PRIVATE+KEY+northwind.test/latchkey/7f3k9q2m/1+85651791+ASx6XUZ9dSJX/2LGyesynLwfC6L3870ud/neI8v0BzC0"
)

// Signer signs for the log of the review.
func Signer(t testing.TB) *note.Signer {
	t.Helper()
	keys := note.Load(note.Source{Text: testKey}, time.Now)
	if keys.Lacking != nil {
		t.Fatal(keys.Lacking)
	}
	return keys.Signer
}

// Trust takes what that signer signs.
func Trust(t testing.TB) note.Trust { return note.NewTrust(note.Trusted{Public: Signer(t).Public()}) }

// At is a moment of November 2026.
func At(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, time.UTC)
}

// All goes through a list.
func All[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range list {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// Review is a campaign of a quarter in which everything happens that can happen to a row.
func Review(t testing.TB) pack.Campaign {
	t.Helper()
	b := &builder{t: t, log: NewLog(t)}
	rows := b.rows()
	c := pack.Campaign{
		ID: "AC-7F3K9Q2M", Name: "Quarterly review, fourth quarter of 2026", Run: 4, Status: pack.Closed,
		Issue: link("IT-104"), Asked: "calendar line “quarterly-access”",
		Period:     pack.Period{From: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC)},
		Times:      pack.Times{Drafted: At(1, 8, 0), Snapshot: At(2, 6, 14), Started: At(2, 9, 0), Due: At(16, 17, 0), Closed: At(19, 10, 30), Made: At(19, 10, 31)},
		Scope:      scope(),
		Policy:     policy(),
		Groups:     groups(),
		Reviewers:  reviewers(),
		Leavers:    leavers(),
		Exceptions: exceptions(),
		Rows:       All(rows),
		Events:     All(b.log.Events(t)),
	}
	c.Tool = pack.Tool{
		Version: "1.8.0", Log: LogName, Checkpoint: b.log.Checkpoint(t), Keys: []string{Signer(t).Public().String()},
		Chain: b.log.head(),
	}
	return c
}

func link(key string) pack.Link {
	return pack.Link{Key: key, URL: "https://northwind.test/browse/" + key}
}

func scope() pack.Scope {
	return pack.Scope{
		Text: "Every membership of the groups that open Salesforce, AWS production and the ERP, because financial reporting and customer data depend on them (control AC-02). Whoever holds one of them is reviewed, whether Latchkey gave it or not.",
		Rule: "apps: [salesforce, aws-prod, erp]; source: all",
		NotGoverned: []pack.Ungoverned{
			{Directory: "okta", ID: "00g1everyone", Name: "Everyone", Members: pack.Is(412), Why: "Okta's own group of all people; it opens nothing."},
			{Directory: "okta", ID: "00g1figma", Name: "figma-editors", Members: pack.Is(58), Why: "Low risk; reviewed half-yearly in AC-02b."},
			{Directory: "google", ID: "03x8tuzt", Name: "lunch@northwind.test", Members: pack.Lacks[int](pack.NotAsked, "a mailing list"), Why: "A mailing list."},
		},
		Exclusions: []pack.Exclusion{
			{What: "Account svc-backup in aws-prod-admin", ID: "00u1svcbackup", Rows: 1, Reason: "A service account, reviewed with the break-glass accounts in IT-97.", By: Ines(), At: At(1, 15, 40)},
		},
		Blind: []pack.Blind{
			{Kind: pack.OutsideDirectories, What: "The on-premises file server", Why: "It has local groups that no directory knows; reviewed by hand in IT-88."},
			{Kind: pack.DirectAccounts, What: "Local users of Salesforce", Why: "Accounts made in Salesforce itself, without single sign-on, are in no directory."},
			{Kind: pack.DirectoryNotRead, What: "Entra ID of the subsidiary (contoso.test)", Why: "It is not connected to Latchkey."},
		},
	}
}

func policy() pack.Policy {
	return pack.Policy{
		Reviewers: "The person's manager, walking up to the first who is active and is not the person; for privileged rows also the app's owner.",
		Fallback:  "Ines Duarte (IT)",
		Stages: []pack.Stage{
			{Name: "Managers", Strategy: "one_deny_denies", Words: "If several answer, one Revoke revokes."},
			{Name: "Owners, for privileged rows", Strategy: "all_must_accept", Words: "Every owner asked has to keep; one who is silent does not."},
		},
		NoReviewer: "Revoke", NoAnswer: "Revoke privileged rows, keep others",
		Cadence: "quarterly", Usage: "Sign-ins to the app itself where the directory reports them; of the ERP none, because its people work in a desktop client without signing in anew.",
		Restore:    "For 14 days by one click, with the approval of the reviewer who revoked.",
		Privileged: pack.Privileged{Cadence: "quarterly", Bulk: false, Reason: true, Meaning: "A group that makes administrators, or whose role is tagged risk: high."},
	}
}

func groups() []pack.Group {
	first := At(2, 6, 0)
	proof := func(path string, pages, rows, counted, excluded int, begin time.Time) pack.Population {
		return pack.Population{
			Proof: "count", Words: "the directory counts as many as were read", Proven: true, Rows: rows, Left: excluded, Version: "1.8.0",
			Reading: pack.Reading{
				Requests: []string{path}, Pages: pages, Received: rows, Counted: pack.Is(counted), CountedBy: "GET " + strings.Replace(path[4:], "/users?limit=200", "?expand=stats", 1),
				First: begin, Last: begin.Add(time.Duration(pages) * 700 * time.Millisecond), Hash: sum(path), Accounts: sum(path + " accounts"),
			},
		}
	}
	sales := pack.Group{
		Key: "okta/00g1sales", Directory: "okta", Kind: "okta", Tenant: "northwind.okta.test", ID: "00g1sales", Name: "salesforce-users", App: "salesforce", Role: "user", Risk: "medium",
		Opens: "See and edit customers and offers in Salesforce", Owners: []pack.Actor{tom()},
		Population: proof("GET /api/v1/groups/00g1sales/users?limit=200", 1, 9, 9, 0, first),
	}
	admin := pack.Group{
		Key: "okta/00g1awsadm", Directory: "okta", Kind: "okta", Tenant: "northwind.okta.test", ID: "00g1awsadm", Name: "aws-prod-admin", App: "aws-prod", Role: "admin", Risk: "high", Privileged: true,
		Opens: "Change everything in the AWS account where the product runs", Owners: []pack.Actor{sofie()},
		Population: proof("GET /api/v1/groups/00g1awsadm/users?limit=200", 1, 6, 6, 1, first.Add(3*time.Second)),
	}
	erp := pack.Group{
		Key: "entra/6f1e2c", Directory: "entra", Kind: "entra", Tenant: "8d0f-northwind", ID: "6f1e2c3a-77b1-4d0c-9d1f-2f6a8f0b9c11", Name: "ERP Payments", App: "erp", Role: "payments", Risk: "high",
		Opens: "Enter and release payments to suppliers", Owners: []pack.Actor{tom()},
		Population: proof("GET /v1.0/groups/6f1e2c3a-77b1-4d0c-9d1f-2f6a8f0b9c11/members?$top=999", 1, 6, 7, 0, first.Add(40*time.Second)),
	}
	for i := range 3 {
		begin := first.Add(time.Duration(10*i) * time.Second)
		erp.Population.Readings = append(erp.Population.Readings, pack.Reading{
			First: begin, Last: begin.Add(time.Second), Requests: erp.Population.Requests, Pages: 1, Received: 6, Counted: pack.Is(7), Hash: erp.Population.Hash, Accounts: erp.Population.Accounts, Why: "the directory counts 7, and its list has 6",
		})
	}
	erp.Population.CountedBy = "GET /v1.0/groups/6f1e2c3a-77b1-4d0c-9d1f-2f6a8f0b9c11/members/$count"
	erp.Population.Proof, erp.Population.Words, erp.Population.Proven = "count_differs", "the directory counts 7, and 6 were read, four times", false
	erp.Population.Difference = &pack.Difference{By: Ines(), At: At(2, 8, 40), Words: "The count includes a device that is a member. Checked in the Entra portal; the six people are all there is."}
	return []pack.Group{sales, admin, erp}
}

func sum(text string) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])
}

// Ines works in IT.
func Ines() pack.Actor {
	return pack.Actor{Person: "P-INES", Name: "Ines Duarte", Account: "slack T01NW/U0INES"}
}
func tom() pack.Actor {
	return pack.Actor{Person: "P-TOM", Name: "Tom Becker", Account: "slack T01NW/U0TOM"}
}
func sofie() pack.Actor {
	return pack.Actor{Person: "P-SOFIE", Name: "Sofie Lindqvist", Account: "slack T01NW/U0SOFIE"}
}
func ravi() pack.Actor {
	return pack.Actor{Person: "P-RAVI", Name: "Ravi Menon", Account: "slack T01NW/U0RAVI"}
}

func reviewers() []pack.Reviewer {
	none := pack.Lacks[[]pack.Conflict](pack.None, "")
	return []pack.Reviewer{
		{ID: "P-TOM", Name: "Tom Becker", Account: tom().Account, Title: pack.Is("Head of Sales"), Chosen: "manager of the people", Rows: 11, Relation: pack.Is("Manages 9 of the people; owns Salesforce and the ERP's roles."), Conflicts: none,
			Delegations: []pack.Delegation{{To: ravi(), From: At(9, 0, 0), Until: At(13, 23, 59), Scope: "everything that waits for him", By: tom(), Reason: "on leave"}}},
		{ID: "P-SOFIE", Name: "Sofie Lindqvist", Account: sofie().Account, Title: pack.Is("Head of Platform"), Chosen: "owner of AWS production, for privileged rows", Rows: 5, Relation: pack.Is("Owns AWS production; manages 3 of the people."),
			Conflicts: pack.Is([]pack.Conflict{{Kind: pack.IsThePerson, About: "AR-0011", Words: "One of the rows is her own access.", Solved: "Her manager answered it instead", By: Ines(), At: At(1, 16, 2)}})},
		{ID: "P-INES", Name: "Ines Duarte", Account: Ines().Account, Title: pack.Is("IT lead"), Chosen: "fallback: nobody else could be found", Rows: 4, Relation: pack.Is("Manages none of the people."),
			Conflicts:  pack.Is([]pack.Conflict{{Kind: pack.Administers, About: "okta/00g1awsadm", Words: "As Okta's administrator she can change the group by herself.", Solved: "Accepted: removals are made by Latchkey, and read back", By: pack.Actor{Person: "P-CFO", Name: "Marta Kowalczyk"}, At: At(1, 17, 20)}}),
			Reassigned: []pack.Reassignment{{To: sofie(), Rows: 1, By: Ines(), At: At(4, 11, 5), Reason: "Sofie knows what the account is for"}}},
		{ID: "P-RAVI", Name: "Ravi Menon", Account: ravi().Account, Title: pack.Is("Sales operations"), Chosen: "in Tom Becker's place, by a delegation", Rows: 2, Relation: pack.Is("Works with the people; manages none."), Conflicts: none},
	}
}

func leavers() []pack.Leaver {
	return []pack.Leaver{
		{Person: person("00u1grace", "Grace Okafor", "Account executive", "Sales", "Tom Becker", "suspended"), Left: pack.Is(At(6, 17, 0)), Source: "Okta's log: the account was suspended", Removed: pack.Is(At(6, 17, 2)), Rows: []string{"AR-0006"},
			SignIns: pack.Lacks[[]time.Time](pack.None, ""), Reach: pack.Is(At(1, 0, 0).AddDate(0, -2, 0))},
		{Person: person("6f-olaf", "Olaf Brandt", "Accountant", "Finance", "Marta Kowalczyk", "disabled"), Left: pack.Is(At(3, 18, 0)), Source: "HR, by the account's leave date", Removed: pack.Is(At(12, 9, 31)), Rows: []string{"AR-0017"},
			SignIns: pack.Lacks[[]time.Time](pack.Unknown, "Entra answered 403: sign-in logs need a licence that the tenant lacks"), Reach: pack.Lacks[time.Time](pack.Unknown, "")},
	}
}

func exceptions() []pack.Exception {
	return []pack.Exception{
		{What: "The due date was moved from 13 to 16 November.", About: "AC-7F3K9Q2M", Reason: "Two reviewers were on leave.", By: Ines(), At: At(10, 9, 15), Issue: link("IT-104")},
		{What: "Zoë Martens keeps entering and releasing payments together.", About: "AR-0015", Reason: "The second accountant starts in January; each payment is released by two people at the bank.", By: pack.Actor{Person: "P-CFO", Name: "Marta Kowalczyk"}, At: At(12, 14, 0), Until: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC), Issue: link("IT-131")},
	}
}

func person(account, name, title, department, manager, status string) pack.Person {
	dir := "okta"
	if account[:3] == "6f-" {
		dir = "entra"
	}
	return pack.Person{
		ID: "P-" + account, Directory: dir, Account: account, Login: account[3:] + "@northwind.test", Name: pack.Is(name), Title: pack.Is(title),
		Department: pack.Is(department), Manager: pack.Is(manager), Type: pack.Is("employee"), Status: pack.Is(status),
	}
}

// builder makes rows, and writes into the log what they go by.
type builder struct {
	t   testing.TB
	log *testLogs
	n   int
}

// row is a row of which everything is ordinary.
func (b *builder) row(group string, p pack.Person, peers int) pack.Row {
	b.n++
	id := fmt.Sprintf("AR-%04d", b.n)
	seen := At(1, 9, 0).AddDate(0, 0, -b.n%9)
	r := pack.Row{
		ID: id, Group: group, Person: p,
		Access:      pack.Access{How: "by a request", At: pack.Is(At(1, 8, 0).AddDate(0, -b.n, 0)), Link: link(fmt.Sprintf("IT-%d", 20+b.n)), Grant: fmt.Sprintf("AG-%04d", b.n)},
		LastSignIn:  pack.SignIn{At: pack.Is(seen), Source: "Okta's log, to the app itself", Reach: pack.Is(At(2, 0, 0).AddDate(0, 0, -90))},
		Peers:       pack.Is(pack.Peers{Have: peers, Of: 12, Who: "in " + p.Department.Value}),
		Earlier:     pack.Is([]pack.Earlier{{Campaign: "AC-5X1B", Answer: pack.Keep, By: p.Manager.Value, At: At(4, 10, 0).AddDate(0, -3, 0)}}),
		SoD:         pack.Lacks[[]string](pack.None, ""),
		Recommended: pack.Recommendation{Value: pack.AdviseKeep, Reason: "used " + seen.Format("2 Jan") + ", and common among peers"},
		Changes:     pack.Lacks[[]pack.Change](pack.None, ""),
		Asked:       []pack.Asked{{Reviewer: "P-TOM", Stage: 1, How: "manager", At: At(2, 9, 0)}},
		Outcome:     pack.Outcome{Verdict: pack.Keep, How: pack.ByAnswers, Words: "stage 1: kept by all who answered", At: At(3, 10, b.n)},
	}
	return r
}

// answered adds an answer.
func (b *builder) answered(r pack.Row, by pack.Actor, v pack.Verdict, seconds float64, reason string) pack.Row {
	when := At(3, 10, b.n)
	r.Answers = append(r.Answers, pack.Answer{
		Stage: 1, Verdict: v, Reason: reason, By: by, Opened: At(3, 9, 58), At: when, Surface: "slack", Seconds: pack.Is(seconds),
		Event: b.log.add(b.t, fmt.Sprintf(`{"Kind":"campaign.answered","Row":%q,"Verdict":%q,"By":%q}`, r.ID, v, by.Person), reason),
	})
	return r
}

// removing adds a removal that went well.
func (b *builder) removing(r pack.Row, issue string, ordered time.Time) pack.Row {
	r.Outcome.Verdict, r.Outcome.At = pack.Revoke, ordered
	if r.Outcome.How == pack.ByAnswers {
		r.Outcome.Words = "stage 1: one Revoke revokes"
	}
	r.Removal = &pack.Removal{
		Issue: link(issue), Asked: ordered, Removed: pack.Is(ordered.Add(40 * time.Second)), Read: pack.Is(ordered.Add(44 * time.Second)),
		Checked: pack.Is(At(19, 10, 12)), Result: pack.Gone, Event: b.log.add(b.t, fmt.Sprintf(`{"Kind":"campaign.removed","Row":%q}`, r.ID), ""),
	}
	return r
}

// bulk marks the last answer of a row as one of several that were given at once.
func bulk(r pack.Row, rows int, seconds float64) pack.Row {
	a := &r.Answers[len(r.Answers)-1]
	a.Bulk, a.Together, a.Seconds = true, rows, pack.Is(seconds)
	return r
}

func (b *builder) rows() []pack.Row {
	rows := append(append(b.sales(), b.admins()...), b.payments()...)
	for i := range rows {
		rows[i].Shown = card(rows[i])
	}
	return rows
}

// card is the text of a row as reviewers have it before them.
func card(r pack.Row) string {
	used := "Last use: " + string(r.LastSignIn.At.Knowledge())
	if r.LastSignIn.At.Known() {
		used = "Last used " + r.LastSignIn.At.Value.Format("2 Jan 2006")
	}
	return fmt.Sprintf("%s · %s, %s. %s. %d of %d have it.", r.Person.Name.Value, r.Person.Title.Value, r.Person.Department.Value, used, r.Peers.Value.Have, r.Peers.Value.Of)
}

func (b *builder) sales() []pack.Row {
	const g = "okta/00g1sales"
	var out []pack.Row
	for _, name := range []string{"Maya Fischer", "Łukasz Wójcik", "Søren Ælgaard"} { // kept at once
		p := person(fmt.Sprintf("00u1s%d", len(out)), name, "Account executive", "Sales", "Tom Becker", "active")
		out = append(out, bulk(b.answered(b.row(g, p, 11), tom(), pack.Keep, 0, "used within 7 days"), 3, 1.4))
	}
	quiet := b.row(g, person("00u1hana", "Hana 山田", "Sales engineer", "Sales", "Tom Becker", "active"), 11)
	quiet.LastSignIn.At, quiet.Recommended = pack.Lacks[time.Time](pack.None, ""), pack.Recommendation{Value: pack.AdviseRevoke, Reason: "no sign-in in the 90 days that Okta remembers"}
	quiet = b.answered(quiet, tom(), pack.Revoke, 21.4, "Moved to support, uses Zendesk now")
	quiet = b.removing(quiet, "IT-140", At(3, 10, 20))
	moved := b.row(g, person("00u1eli", "Eli Navarro", "Partner manager", "Partners", "Sofie Lindqvist", "active"), 2)
	moved.Access = pack.Access{How: "found in the group and adopted; nobody knows how it came", At: pack.Lacks[time.Time](pack.Unknown, "Okta doesn't tell when somebody was added"), Link: link("IT-9")}
	moved.Changes = pack.Is([]pack.Change{{At: At(5, 7, 30), What: "department", From: "Partners", To: "Marketing"}})
	moved.Earlier = pack.Lacks[[]pack.Earlier](pack.None, "")
	moved.Recommended = pack.Recommendation{Value: pack.AdviseLook, Reason: "used lately, and only 2 of 12 in Partners have it"}
	moved = b.answered(moved, tom(), pack.NotMine, 8, "")
	moved = b.answered(moved, sofie(), pack.Keep, 34.5, "Runs the partner programme until March")
	moved.Answers[1].At, moved.Answers[1].Opened = At(5, 8, 2), At(5, 8, 1)
	moved.Asked = append(moved.Asked, pack.Asked{Reviewer: "P-SOFIE", Stage: 1, How: "named by Tom Becker", At: At(3, 10, 6)})
	left := b.row(g, person("00u1grace", "Grace Okafor", "Account executive", "Sales", "Tom Becker", "active"), 11)
	left.Changes = pack.Is([]pack.Change{{At: At(6, 17, 0), What: "status", From: "active", To: "suspended"}})
	left.Outcome = pack.Outcome{Verdict: pack.Revoke, How: pack.GoneMeanwhile, Words: "left on 6 November; the access was removed with everything else", At: At(6, 17, 2)}
	return append(append(out, quiet, moved, left), b.restored(g), b.delegated(g), b.silent(g))
}

// restored was revoked and given back.
func (b *builder) restored(group string) pack.Row {
	r := b.row(group, person("00u1noor", "Noor van Dijk", "Sales operations", "Sales", "Tom Becker", "active"), 11)
	r.LastSignIn = pack.SignIn{At: pack.Lacks[time.Time](pack.Unknown, "Okta did not answer"), Source: "Okta's log", Reach: pack.Lacks[time.Time](pack.Unknown, "")}
	r.Recommended = pack.Recommendation{Value: pack.Insufficient, Reason: "the last sign-in couldn't be read"}
	r = b.answered(r, tom(), pack.Revoke, 5.1, "I think she left the team")
	r = b.removing(r, "IT-141", At(3, 10, 40))
	r.Removal.Restored = []pack.Restore{{By: tom(), At: At(4, 8, 55), Reason: "She is on leave, not gone", Issue: link("IT-145")}}
	return r
}

// delegated was answered in another one's place, after an answer that was taken back.
func (b *builder) delegated(group string) pack.Row {
	r := b.row(group, person("00u1pia", "Pia Romano", "Account executive", "Sales", "Tom Becker", "active"), 11)
	r = b.answered(r, tom(), pack.Revoke, 2.1, "slipped")
	r.Answers[0].Undone = &pack.Undo{By: tom(), At: At(3, 10, 9), Reason: "wrong row"}
	r = b.answered(r, ravi(), pack.Keep, 12.7, "")
	r.Answers[1].For, r.Answers[1].At = "P-TOM", At(10, 14, 3)
	return r
}

// silent was answered by nobody.
func (b *builder) silent(group string) pack.Row {
	r := b.row(group, person("00u1quinn", "Quinn O’Hara", "Intern", "Sales", "Tom Becker", "active"), 11)
	r.Person.Type = pack.Is("contractor")
	r.Person.Title = pack.Lacks[string](pack.None, "")
	r.Outcome = pack.Outcome{Verdict: pack.Keep, How: pack.NobodySpoke, Words: "nobody answered: rows that are not privileged are kept", At: At(16, 17, 0)}
	return r
}

func (b *builder) admins() []pack.Row {
	const g = "okta/00g1awsadm"
	twice := func(r pack.Row, v pack.Verdict, reason string) pack.Row {
		r = b.answered(r, sofie(), v, 27.3, reason)
		last := &r.Answers[len(r.Answers)-1]
		r.Privileged, last.Stage, last.At, last.Opened = true, 2, At(4, 9, 10+b.n), At(4, 9, 5)
		r.Asked = append(r.Asked, pack.Asked{Reviewer: "P-SOFIE", Stage: 2, How: "owner of AWS production", At: At(4, 9, 0)})
		r.Outcome.Words = "stage 2: kept by every owner"
		return r
	}
	on := func(n int, name string) pack.Row {
		r := b.row(g, person(fmt.Sprintf("00u1p%d", n), name, "Platform engineer", "Platform", "Sofie Lindqvist", "active"), 4)
		return b.answered(r, Ines(), pack.Keep, 19.8, "on call for the platform")
	}
	first, own := twice(on(1, "Dmytro Шевченко"), pack.Keep, "on call"), on(2, "Sofie Lindqvist")
	own.Person.ID, own.Privileged = "P-SOFIE", true
	manual := twice(on(3, "Aiko Brandão"), pack.Revoke, "left the platform team in September")
	manual = b.removing(manual, "IT-142", At(4, 9, 30))
	manual.Outcome.Words = "stage 2: revoked by one owner"
	manual.Removal.Removed, manual.Removal.Read = pack.Lacks[time.Time](pack.None, ""), pack.Lacks[time.Time](pack.None, "still a member on 19 Nov")
	manual.Removal.Result, manual.Removal.Cause = pack.Manual, "Okta's rule “platform-team” keeps her in the group: somebody has to change the rule or her department"
	failed := twice(on(4, "Kofi Asante"), pack.Revoke, "")
	failed = b.removing(failed, "IT-143", At(4, 9, 32))
	failed.Removal.Removed, failed.Removal.Read = pack.Lacks[time.Time](pack.Unknown, "Okta answered 500 ten times"), pack.Lacks[time.Time](pack.None, "still a member on 19 Nov")
	failed.Removal.Result, failed.Removal.Cause = pack.Failed, "Okta answers 500 to every try; the case is with Okta (IT-146)"
	lost := b.row(g, person("00u1bot", "deploy-bot", "", "", "", "active"), 0)
	lost.Person.Title, lost.Person.Department, lost.Person.Manager = pack.Lacks[string](pack.None, ""), pack.Lacks[string](pack.None, ""), pack.Lacks[string](pack.None, "")
	lost.Person.Type, lost.Person.ID, lost.Privileged, lost.Asked = pack.Is("service"), "", true, nil
	lost.Peers, lost.LastSignIn.At = pack.Lacks[pack.Peers](pack.NotAsked, "not a person"), pack.Lacks[time.Time](pack.NotAsked, "not a person")
	lost.Recommended = pack.Recommendation{Value: pack.Insufficient, Reason: "not a person"}
	lost.Outcome = pack.Outcome{Verdict: pack.Revoke, How: pack.NobodyFound, Words: "nobody could be found who reviews it: revoked"}
	lost = b.removing(lost, "IT-144", At(16, 17, 1))
	return []pack.Row{first, own, manual, failed, lost}
}

func (b *builder) payments() []pack.Row {
	const g = "entra/6f1e2c"
	var out []pack.Row
	for i, name := range []string{"Zoë Martens", "Ahmed محمد", "Olaf Brandt", "Bea Schmidt", "Chidi Eze", "Dana Petrova"} {
		p := person(fmt.Sprintf("6f-%d", i), name, "Accountant", "Finance", "Marta Kowalczyk", "active")
		if name == "Olaf Brandt" {
			p.Account, p.Status = "6f-olaf", pack.Is("disabled")
		}
		r := b.row(g, p, 8)
		r.LastSignIn = pack.SignIn{At: pack.Lacks[time.Time](pack.NotAsked, "usage is switched off for the ERP"), Source: "none", Reach: pack.Lacks[time.Time](pack.NotAsked, "")}
		r.Recommended = pack.Recommendation{Value: pack.AdviseKeep, Reason: "common among peers; use is not looked at"}
		out = append(out, r)
	}
	out[0].SoD = pack.Is([]string{"Can enter and release payments: one of the two is ruled out by “four eyes”"})
	out[0] = b.answered(out[0], tom(), pack.Keep, 61, "Accepted until January, see IT-131")
	out[1] = bulk(b.answered(out[1], tom(), pack.Keep, 0, "same team as before"), 2, 1.5)
	out[2] = b.removing(b.answered(out[2], ravi(), pack.Revoke, 9.4, "left"), "IT-147", At(12, 9, 30))
	out[2].Answers[0].For, out[2].Answers[0].At = "P-TOM", At(12, 9, 29)
	out[3] = b.removing(b.answered(out[3], tom(), pack.Revoke, 15, "no longer releases payments"), "IT-148", At(3, 11, 0))
	out[3].Removal.Result, out[3].Removal.Grant, out[3].Removal.Cause = pack.Kept, "AG-0077", "her role “treasury” needs the same group until 31 December"
	out[3].Removal.Removed, out[3].Removal.Read = pack.Lacks[time.Time](pack.None, "nothing was removed"), pack.Lacks[time.Time](pack.None, "nothing was removed")
	out[4] = b.answered(out[4], tom(), pack.Keep, 11, "closes the quarter")
	out[4].Answers[0].Seconds = pack.Lacks[float64](pack.NotRecorded, "")
	out[4].Answers[0].Surface = "jira"
	out[5] = bulk(b.answered(out[5], tom(), pack.Keep, 0, "same team as before"), 2, 1.5)
	return out
}

// testLogs is a log with the events of the review and some of others between them.
type testLogs struct {
	entries []access.Entry
	hashes  []tlog.Hash // of the tree, as tlog stores them
	last    access.Entry
	at      time.Time
}

// NewLog is a log in which the review has begun.
func NewLog(t testing.TB) *testLogs {
	t.Helper()
	l := &testLogs{at: At(2, 6, 0)}
	l.add(t, `{"Kind":"campaign.started"}`, "")
	return l
}

// ReadHashes implements tlog.HashReader.
func (l *testLogs) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, i := range indexes {
		out = append(out, l.hashes[i])
	}
	return out, nil
}

// add writes an event of the review, and one of somebody else's before it.
func (l *testLogs) add(t testing.TB, body, private string) pack.Proof {
	t.Helper()
	l.put(t, access.Entry{Subject: access.Subject{Kind: "request", ID: fmt.Sprintf("R-%d", len(l.entries))}, Body: []byte(`{}`)}, 0, access.Hash{})
	e := access.Entry{Subject: access.Subject{Kind: "campaign", ID: "AC-7F3K9Q2M"}, Body: []byte(body)}
	if private != "" {
		e.Salt, e.Private = []byte("0123456789abcdef"), fmt.Appendf(nil, `{"Reason":%q}`, private)
	}
	l.last = l.put(t, e, l.last.N, l.last.Leaf)
	return pack.Proof{ID: l.last.ID, Leaf: l.last.Leaf.String()}
}

func (l *testLogs) put(t testing.TB, e access.Entry, n uint64, prev access.Hash) access.Entry {
	t.Helper()
	e.ID, e.Schema = fmt.Sprintf("01934a5e-7c00-7abc-8def-%012d", len(l.entries)), 1
	e, err := e.Chain(LogName, n, prev)
	if err != nil {
		t.Fatal(err)
	}
	hashes, err := tlog.StoredHashesForRecordHash(int64(len(l.entries)), tlog.Hash(e.Leaf), l)
	if err != nil {
		t.Fatal(err)
	}
	l.hashes = append(l.hashes, hashes...)
	e.Place = uint64(len(l.entries) + 1)
	l.entries = append(l.entries, e)
	return e
}

// Events are those of the review, with what proves that they are in the tree.
func (l *testLogs) Events(t testing.TB) []pack.Event {
	t.Helper()
	var out []pack.Event
	for _, e := range l.entries {
		if e.Subject.Kind != "campaign" {
			continue
		}
		proof, err := tlog.ProveRecord(int64(len(l.entries)), int64(e.Place)-1, l)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, pack.Event{Entry: e, Proof: proof})
	}
	return out
}

// Checkpoint is the signed head of the log.
func (l *testLogs) Checkpoint(t testing.TB) string {
	t.Helper()
	root, err := tlog.TreeHash(int64(len(l.entries)), l)
	if err != nil {
		t.Fatal(err)
	}
	text := anchor.Checkpoint{Log: LogName, Size: uint64(len(l.entries)), Root: access.Hash(root)}.String()
	signed, err := Signer(t).Sign(context.Background(), LogName, note.Checkpoint, text)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func (l *testLogs) head() pack.Head {
	return pack.Head{Subject: l.last.Subject.String(), N: l.last.N, Leaf: l.last.Leaf.String()}
}

// Kept is a pack in memory.
type Kept map[string]*file

type file struct{ Text []byte }

func (f *file) Write(b []byte) (int, error) { f.Text = append(f.Text, b...); return len(b), nil }
func (*file) Close() error                  { return nil }

// Create implements write.Files.
func (k Kept) Create(name string) (io.WriteCloser, error) {
	if k[name] != nil {
		return nil, fmt.Errorf("%s is written twice", name)
	}
	k[name] = &file{}
	return k[name], nil
}

// File begins a file, and gives what is written into it.
func (k Kept) File(name string) *file {
	k[name] = &file{}
	return k[name]
}

// Written writes the pack of a campaign.
func Written(t testing.TB, c pack.Campaign) Kept {
	t.Helper()
	out := Kept{}
	if _, err := write.Pack(context.Background(), c, Signer(t).Sign, out); err != nil {
		t.Fatal(err)
	}
	return out
}

// Many is a review of as many rows as wanted, half of them of one group.
func Many(t testing.TB, rows int) pack.Campaign {
	t.Helper()
	c := Review(t)
	example := RowsOf(t, c)[3]
	c.Events = nil
	c.Groups[0].Population.Rows, c.Groups[1].Population.Rows, c.Groups[2].Population.Rows = rows/2, rows-rows/2+1, 0
	c.Leavers = []pack.Leaver{{Person: example.Person, Rows: []string{fmt.Sprint("AR-", rows)}}}
	c.Rows = func(yield func(pack.Row, error) bool) {
		for i := range rows {
			r := example
			r.ID, r.Group = fmt.Sprint("AR-", i+1), c.Groups[0].Key
			if i >= rows/2 {
				r.Group = c.Groups[1].Key
			}
			r.Person.Account, r.Privileged = fmt.Sprint("00u", i), i%50 == 0
			if i%10 > 0 {
				r.Removal, r.Outcome.Verdict = nil, pack.Keep
			}
			if !yield(r, nil) {
				return
			}
		}
	}
	return c
}

// Hostile are texts that mean harm where they land.
func Hostile() []string {
	return []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='x`, `</td></tr></table><h1>Approved</h1>`, `{{.C.ID}}`, `javascript:alert(1)`,
		`=HYPERLINK("http://x","y")`, `+1+1`, `-2+3`, `@SUM(A1)`, "\t=1+1", "\r=1", "\n=1", "x;=1+1", "x; =1+1", "a\t=cmd|' /C calc'!A0", "＝1+1",
		"\u202eevil\u202c", "a\u2066b\u2069", "zero\u200bwidth", "\x00\x07", "\xff\xfe", "line\u2028break", "<!--", "]]>", strings.Repeat("W", 40_000), strings.Repeat("🗝", 20_000),
	}
}

// Filled is a review whose every text of people's is one.
func Filled(t testing.TB, text string) pack.Campaign {
	c := Review(t)
	rows := RowsOf(t, c)
	if len(text) > 1000 { // one such text in each place is enough
		rows[0].Answers[0].Reason, rows[0].Shown = text, text
		c.Rows = All(rows)
		return c
	}
	c.Name, c.Scope.Text, c.Groups[0].Name, c.Groups[0].Opens, c.Reviewers[0].Name, c.Exceptions[0].Reason, c.Asked = text, text, text, text, text, text, text
	c.Scope.Exclusions[0].What, c.Policy.Reviewers, c.Issue = text, text, pack.Link{Key: text, URL: text}
	for i := range rows {
		r := &rows[i]
		r.Person.Name, r.Person.Title, r.Person.Login, r.Access.How, r.Shown, r.Recommended.Reason, r.Outcome.Words = pack.Is(text), pack.Is(text), text, text, text, text, text
		r.Access.Link = pack.Link{Key: text, URL: text}
		for j := range r.Answers {
			r.Answers[j].Reason, r.Answers[j].By.Name = text, text
		}
		if r.Removal != nil {
			r.Removal.Cause, r.Removal.Issue = text, pack.Link{Key: "IT-1", URL: text}
		}
	}
	c.Rows = All(rows)
	return c
}

// RowsOf are the rows of a campaign.
func RowsOf(t testing.TB, c pack.Campaign) []pack.Row {
	t.Helper()
	var out []pack.Row
	for r, err := range c.Rows {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// On is a pack as it lies in a folder.
func On(k Kept) fstest.MapFS {
	out := fstest.MapFS{}
	for name, f := range k {
		out[name] = &fstest.MapFile{Data: bytes.Clone(f.Text)}
	}
	return out
}
