package wording_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/access/accesstest"
	"latchkey/catalog"
	"latchkey/jira/adf"
	"latchkey/jira/jiratest"
	"latchkey/jira/wording"
)

// wordingCase is what the issue says about one event: the public text, and a part
// of the internal one. Empty: nothing.
type wordingCase struct {
	name     string
	kind     access.EventKind
	set      func(*jiratest.Story)
	event    func(*access.Event)
	public   string
	internal string
}

func wordingCases() []wordingCase {
	by := func(a access.Actor) func(*access.Event) { return func(e *access.Event) { e.Actor = a } }
	end := func(end access.End, a access.Actor) func(*access.Event) {
		return func(e *access.Event) { e.End, e.Actor = end, a }
	}
	inForce := func(s *jiratest.Story) { s.Grant.Started = s.Clock.Now() }
	over := func(s *jiratest.Story) { s.Grant.Started, s.Grant.Finished = s.Clock.Now(), s.Clock.Now() }
	stages := func(need catalog.Need) func(*jiratest.Story) {
		return func(s *jiratest.Story) { s.Request.Stages = []access.Stage{{Need: need}, {}} }
	}
	both := func(e *access.Event) { e.Approvers = []access.PersonID{jiratest.Noor, jiratest.Iris} }
	return []wordingCase{
		{kind: access.EventSubmitted},
		{kind: access.EventIssueOpened},
		{kind: access.EventApproversAsked, event: both},
		{name: "of two stages", kind: access.EventApproversAsked, set: stages(catalog.Need{All: true}), event: both},
		{name: "two of them", kind: access.EventApproversAsked, set: stages(catalog.Need{AtLeast: 2}), event: both},
		{kind: access.EventApproved, set: func(s *jiratest.Story) { s.Request.State = access.RequestApproved },
			event: func(e *access.Event) {
				e.Actor, e.Wanted, e.Reason = access.Actor{Person: jiratest.Noor, Via: access.ViaJira}, 2*time.Hour, "Enough"
			},
			internal: "Approved in Jira by Noor Haddad (noor@acme.example), recorded by Latchkey. Access may be held for 2 hours.\nEnough\nBy: Noor Haddad (noor@acme.example), via jira"},
		{name: "of an owner", kind: access.EventApproved, event: func(e *access.Event) {
			e.Actor, e.Basis = jiratest.Slack(jiratest.Noor), &access.Basis{Source: catalog.Owner}
		}, internal: "It is theirs to decide, because Noor Haddad is an owner of Figma."},
		{name: "of somebody who is named", kind: access.EventApproved, event: func(e *access.Event) {
			e.Actor, e.Basis = jiratest.Slack(jiratest.Noor), &access.Basis{Source: catalog.Named}
		}, internal: "It is theirs to decide, because Noor Haddad is named for this role."},
		{name: "of a group", kind: access.EventApproved, event: func(e *access.Event) {
			e.Actor, e.Basis = jiratest.Slack(jiratest.Noor), &access.Basis{Source: catalog.GroupOf, Group: &catalog.GroupRef{Directory: "okta", Group: "security"}}
		}, internal: "It is theirs to decide, because Noor Haddad is in the group security in Okta."},
		{name: "of a group that is known by its id", kind: access.EventApproved, event: func(e *access.Event) {
			e.Actor, e.Basis = jiratest.Slack(jiratest.Noor), &access.Basis{Source: catalog.GroupOf, Group: &catalog.GroupRef{Directory: "okta", Group: "00g1234567890abcdef", ByID: true}}
		}, internal: "It is theirs to decide, because Noor Haddad is in a group that is asked."},
		{name: "of a manager's manager", kind: access.EventApproved, event: because(access.Basis{Source: catalog.SecondManager}), internal: "because Noor Haddad manages the manager of Maya Lind."},
		{name: "of the role", kind: access.EventApproved, event: because(access.Basis{Source: catalog.RoleApprover}), internal: "because Noor Haddad is named to approve this role."},
		{name: "of a user group", kind: access.EventApproved, event: because(access.Basis{Source: catalog.SlackUserGroup}), internal: "because Noor Haddad is in a user group in Slack that is asked."},
		{name: "of who is on call, as a back-up", kind: access.EventApproved, event: because(access.Basis{Source: catalog.OnCall, Name: "platform", Backup: true}), internal: "because Noor Haddad is on call by the schedule platform, and a back-up approver."},
		{name: "with back-ups, and what isn't known", kind: access.EventApproversAsked, event: func(e *access.Event) {
			e.Approvers, e.Standby, e.Unread = []access.PersonID{jiratest.Noor}, []access.PersonID{jiratest.Noor}, []string{"who is on call can't be read at the moment"}
		}, internal: "May answer as well, as back-ups: Noor Haddad (noor@acme.example)\nNot known: who is on call can't be read at the moment. It is looked again"},
		{name: "of IT", kind: access.EventApproved, event: func(e *access.Event) {
			e.Actor, e.Basis = jiratest.Slack(jiratest.Noor), &access.Basis{Source: catalog.Security}
		}, internal: "It is theirs to decide, because Noor Haddad is one of IT's admins."},
		{name: "of whoever stands in", kind: access.EventApproved, event: func(e *access.Event) {
			e.Actor, e.Basis = jiratest.Slack(jiratest.Noor), &access.Basis{}
		}, internal: "It is theirs to decide, because Noor Haddad stands in, as nobody who is asked can decide."},
		{name: "of more time", kind: access.EventApproved, set: func(s *jiratest.Story) {
			s.Request.State, s.Request.Extends = access.RequestApproved, "AR-1"
		}, event: by(jiratest.Slack(jiratest.Noor)),
			public: "Approved in Slack by Noor Haddad. The story of this access goes on in the issue that gave it.", internal: "Approved in Slack by Noor Haddad (noor@acme.example)"},
		{name: "of what is not in the catalogue", kind: access.EventApproved, set: func(s *jiratest.Story) {
			s.Request.State, s.Request.Unlisted = access.RequestApproved, "Blender"
		}, event: by(jiratest.Slack(jiratest.Noor)),
			public: "Approved in Slack by Noor Haddad. IT goes on with it here.", internal: "Approved in Slack by Noor Haddad (noor@acme.example)"},
		{name: "and others have to", kind: access.EventApproved, set: stages(catalog.Need{All: true}), event: by(jiratest.Slack(jiratest.Noor)),
			internal: "Stage 1 of 2: Agreed to in Slack by Noor Haddad (noor@acme.example), recorded by Latchkey. More answers are needed."},
		{kind: access.EventDenied, event: func(e *access.Event) {
			e.Actor, e.Reason = access.Actor{Person: jiratest.Noor, Via: access.ViaJira}, "No *seat*"
		},
			public: "Denied in Jira by Noor Haddad.\nNo *seat*", internal: "Denied in Jira by Noor Haddad (noor@acme.example), recorded by Latchkey.\nNo *seat*\nBy:"},
		{kind: access.EventCancelled, event: by(jiratest.Slack(jiratest.Maya)), public: "Cancelled in Slack by Maya Lind."},
		{name: "by itself", kind: access.EventCancelled, event: func(e *access.Event) { e.Note = "Maya has left." }, public: "Cancelled by Latchkey.\nMaya has left."},
		{kind: access.EventLapsed, public: "Nobody answered in time, so this request has lapsed. It can simply be made again."},
		{name: "in others' place", kind: access.EventApproversAsked, event: func(e *access.Event) {
			both(e)
			e.Note, e.Unfound, e.Lacks = "Nobody whom the route asks can decide: no directory names a manager.", []string{"zoe@acme.example is not known in Slack"}, []string{"okta"}
		}, internal: "Noor Haddad or iris@acme.example are asked. Those whom the route names can't be. okta shows no account of Maya Lind, without which nothing can be set up. IT has been told."},
		{name: "without one of them", kind: access.EventApproversAsked, event: func(e *access.Event) {
			both(e)
			e.Unfound = []string{"zoe@acme.example is not known in Slack"}
		}, internal: "Can't be asked: zoe@acme.example is not known in Slack"},
		{name: "the same person again", kind: access.EventApproved, set: stages(catalog.Need{}), event: func(e *access.Event) {
			e.Actor, e.Stage, e.Reused, e.Note = jiratest.Slack(jiratest.Noor), 1, true, "The same person may answer this stage."
		}, internal: "Stage 2 of 2: Noor Haddad (noor@acme.example) is the same person who has said yes before, so that yes counts here, too. Recorded by Latchkey."},
		{name: "by a rule", kind: access.EventDenied, event: func(e *access.Event) {
			e.Reason, e.Note = "It is only for Finance.", "Said yes to it: noor@acme.example."
		},
			public: "Denied by Latchkey.\nIt is only for Finance.", internal: "Said yes to it: noor@acme.example."},
		{kind: access.EventAnswerKept, event: func(e *access.Event) {
			e.Actor, e.Answer, e.Reason = jiratest.Slack(jiratest.Noor), access.EventDenied, "No"
		},
			internal: "Noor Haddad (noor@acme.example) has answered in Slack. The answer is kept, because it can't be found out at the moment"},
		{kind: access.EventAnswerDropped, event: func(e *access.Event) { e.Actor, e.Note = jiratest.Slack(jiratest.Noor), "This isn't yours." },
			internal: "The answer of Noor Haddad (noor@acme.example) doesn't count: This isn't yours."},
		{kind: access.EventDisputed},
		{kind: access.EventDisputeResolved, event: by(jiratest.Slack(jiratest.Noor)), internal: "It goes on as it stands, says Noor Haddad"},
		{kind: access.EventUnroutable, event: func(e *access.Event) { e.Note = "Maya has no manager" }, internal: "Nobody may decide on this: Maya has no manager."},
		{kind: access.EventGrantStarted},
		{kind: access.EventRecorded},
		{name: "manual", kind: access.EventRecorded, set: func(s *jiratest.Story) { s.Grant.Manual = true }, public: "Nobody has to approve this. The change is made by hand: iris@acme.example has been asked to make it."},
		{kind: access.EventMemberAdded, event: func(e *access.Event) { e.Before = true }},
		{name: "the last", kind: access.EventMemberAdded, set: inForce, event: func(e *access.Event) { e.Before = true }, public: "Nobody has to approve this. Maya Lind now has Figma · Editor.",
			internal: "There: Maya Lind was seen in okta:figma-editors\nPerson: Maya Lind (maya@acme.example)\nGroup: okta:figma-editors. Before: already a member, and not by Latchkey. Read back: is a member"},
		{name: "after a yes", kind: access.EventMemberAdded, set: func(s *jiratest.Story) {
			inForce(s)
			yes := s.Request.Event(access.EventApproved, jiratest.Slack(jiratest.Noor), s.Clock.Now())
			yes.Reason = "For the launch"
			s.Append(yes)
			s.Grant.Ends = s.Clock.Now().Add(6 * time.Hour)
		}, public: "Approved in Slack by Noor Haddad. Maya Lind now has Figma · Editor, until 23 Nov 2026 15:00 UTC.\nFor the launch", internal: "There: "},
		{name: "after the yes of a manager", kind: access.EventMemberAdded, set: func(s *jiratest.Story) {
			inForce(s)
			yes := s.Request.Event(access.EventApproved, jiratest.Slack(jiratest.Noor), s.Clock.Now())
			yes.Basis = &access.Basis{Source: catalog.Manager, Directory: "okta"}
			s.Append(yes)
		}, public: "Approved in Slack by Noor Haddad, because Noor Haddad is Maya Lind's manager in Okta. Maya Lind now has Figma · Editor.", internal: "There: "},
		{name: "in an emergency", kind: access.EventMemberAdded, set: func(s *jiratest.Story) {
			inForce(s)
			s.Request.Incident = "IT-9"
			s.Append(s.Request.Event(access.EventBreakGlass, jiratest.Slack(jiratest.Maya), s.Clock.Now()))
		}, public: "Taken in an emergency, without an approval, in Slack by Maya Lind. Incident: IT-9. Those who would have been asked say afterwards whether it was right. Maya Lind now has Figma · Editor.", internal: "There: "},
		{name: "the last, when the end had begun", kind: access.EventMemberAdded, set: func(s *jiratest.Story) {
			inForce(s)
			s.Append(s.Grant.Event(access.EventEnding, access.System(), s.Clock.Now()))
		}, internal: "A group was changed when the end had begun; Maya Lind is taken out again"},
		{kind: access.EventFulfilled, set: inForce, event: by(jiratest.Slack(jiratest.Iris)),
			public: "Nobody has to approve this. Maya Lind now has Figma · Editor. Made by hand and confirmed in Slack by iris@acme.example.", internal: "can't look for itself"},
		{kind: access.EventTaken, event: by(jiratest.Slack(jiratest.Iris))},
		{kind: access.EventNotFulfilled, event: func(e *access.Event) { e.Actor, e.Reason = jiratest.Slack(jiratest.Iris), "No licence is left" },
			public: "Figma · Editor can't be set up, says iris@acme.example. Nothing was given.\nNo licence is left", internal: "Said not to be possible by hand in Slack by iris@acme.example, recorded by Latchkey. Nothing was given."},
		{name: "of a removal", kind: access.EventNotFulfilled, set: func(s *jiratest.Story) {
			s.Append(s.Grant.Event(access.EventEnding, access.System(), s.Clock.Now()))
		}, event: func(e *access.Event) { e.Actor, e.Reason = jiratest.Slack(jiratest.Iris), "Only their support can" },
			internal: "Said not to be removable by hand in Slack by iris@acme.example, recorded by Latchkey. It counts as still there, and IT has been told.\nOnly their support can"},
		{kind: access.EventStuck, event: func(e *access.Event) { e.Note = "The group is fed by a rule." }, internal: "Latchkey can't go on: The group is fed by a rule."},
		{kind: access.EventRetried, event: by(jiratest.Slack(jiratest.Iris)), internal: "Latchkey tries again, asked by iris@acme.example in Slack."},
		{kind: access.EventExtended, event: func(e *access.Event) {
			e.Actor, e.Until = jiratest.Slack(jiratest.Maya), time.Date(2026, 12, 1, 8, 0, 0, 0, time.FixedZone("", 3600))
		}, public: "Extended until 1 Dec 2026 07:00 UTC in Slack by Maya Lind.", internal: "Extended until 1 Dec 2026 07:00 UTC in Slack by Maya Lind (maya@acme.example), recorded by Latchkey."},
		{name: "by time", kind: access.EventEnding, set: inForce, event: end(access.EndExpired, access.System())},
		{name: "returned", kind: access.EventEnding, set: inForce, event: end(access.EndReturned, jiratest.Slack(jiratest.Maya)),
			internal: "Given back in Slack by Maya Lind. Access to Figma · Editor is being removed.\nBy: Maya Lind (maya@acme.example), via slack, account U-maya"},
		{name: "revoked before it was there", kind: access.EventEnding, set: func(s *jiratest.Story) { s.Grant.Finished = s.Clock.Now() }, event: func(e *access.Event) {
			end(access.EndRevoked, jiratest.Slack(jiratest.Iris))(e)
			e.Reason = "Not now"
		}, public: "Revoked in Slack by iris@acme.example. Access to Figma · Editor won't be given any more.\nNot now", internal: "account U-iris"},
		{name: "reclaimed", kind: access.EventEnding, set: inForce, event: end(access.EndReclaimed, access.System()),
			internal: "This access isn't used. Taken back by Latchkey. Access to Figma · Editor is being removed."},
		{name: "reviewed", kind: access.EventEnding, set: inForce, event: end(access.EndReviewed, jiratest.Slack(jiratest.Iris)),
			internal: "Ended in the access review in Slack by iris@acme.example. Access to Figma · Editor is being removed."},
		{name: "offboarded", kind: access.EventEnding, set: inForce, event: end(access.EndOffboarded, access.Actor{Via: access.ViaCLI, Account: "root"}),
			internal: "Everything that Maya Lind holds was ended on the command line by root. Access to Figma · Editor is being removed."},
		{name: "left", kind: access.EventEnding, set: inForce, event: end(access.EndLeft, access.System()), internal: "Maya Lind has left. Access to Figma · Editor is being removed."},
		{kind: access.EventMemberRemoved, set: inForce},
		{name: "the last", kind: access.EventMemberRemoved, set: over, public: "Maya Lind no longer has Figma · Editor.",
			internal: "Done: Maya Lind no longer has Figma · Editor.\nPerson: Maya Lind (maya@acme.example)\nGroup: okta:figma-editors. Read back: is not a member any more"},
		{name: "the last, revoked", kind: access.EventMemberRemoved, set: func(s *jiratest.Story) {
			over(s)
			e := s.Grant.Event(access.EventEnding, jiratest.Slack(jiratest.Iris), s.Clock.Now())
			e.End, e.Reason = access.EndRevoked, "The project is over"
			s.Append(e)
		}, public: "Revoked in Slack by iris@acme.example. Maya Lind no longer has Figma · Editor.\nThe project is over", internal: "Why: Revoked in Slack by iris@acme.example."},
		{name: "of what was given only", kind: access.EventMemberKept, set: func(s *jiratest.Story) { over(s); s.Grant.Entitlements[0].State = access.EntitlementKept },
			public: "What was given of Figma · Editor to Maya Lind by this request is gone. What had not been changed was left alone.", internal: "Left alone: another grant still needs it"},
		{name: "the last", kind: access.EventMemberKept, set: func(s *jiratest.Story) {
			over(s)
			s.Grant.Entitlements[0].State, s.Grant.Entitlements[0].Absent = access.EntitlementKept, true
		},
			public: "Maya Lind no longer has Figma · Editor by this request. What another request still needs was left alone.", internal: "another grant still needs it"},
		{name: "the last", kind: access.EventMemberGone, set: func(s *jiratest.Story) { over(s); s.Grant.Entitlements[0].State = access.EntitlementGone },
			event:  func(e *access.Event) { e.Note = "There was nothing to remove: the group is gone." },
			public: "Nothing was left to remove of Figma · Editor for Maya Lind.", internal: "Nothing to remove: There was nothing to remove: the group is gone."},
		{kind: access.EventAdopted},
		{kind: access.EventMemberMissing, internal: "Latchkey did not remove them"},
		{kind: access.EventMemberBack, internal: "in the group again"},
		{kind: access.EventTaskBlocked, event: func(e *access.Event) { e.Note = "Slack is down." }, internal: "could not do, record or announce something: Slack is down."},
		{kind: access.EventBackstop, event: func(e *access.Event) { e.Note = "Should Latchkey not do it, Okta ends this by itself." }, internal: "Should Latchkey not do it, Okta ends this by itself."},
		{kind: access.EventSessionsEnded, event: func(e *access.Event) { e.Note = "The sessions in Okta were ended." }, internal: "The sessions in Okta were ended."},
		{kind: access.EventTaskResumed, event: by(jiratest.Slack(jiratest.Iris)), internal: "Latchkey tries again, asked by iris@acme.example in Slack."},
		{kind: access.EventTaskResumed, internal: "What Latchkey could not do, record or announce has worked now."},
		{kind: access.EventNote, event: func(e *access.Event) { e.Note = "The issue was moved by hand." }, internal: "Latchkey noticed: The issue was moved by hand."},
		{kind: access.EventIssueDrift, event: func(e *access.Event) { e.Note = "Ines changed “app”." }, internal: "Latchkey does not follow it: Ines changed “app”."},
		{kind: access.EventLogRebuilt}, {kind: access.EventLogGap},
		{kind: access.EventKeyReplaced}, {kind: access.EventCatalogNew}, {kind: access.EventListNew},
		{name: "of one made in the portal", kind: access.EventIssueOpened, event: func(e *access.Event) { e.Note = "raised in the portal" },
			internal: "Maya Lind asks for Figma · Editor, to be held for 6 hours. This is request AR-PORTAL; Latchkey goes on with it here and in Slack.",
			set:      func(s *jiratest.Story) { s.Request.ID = "AR-PORTAL" }},
		{kind: access.EventClaimed},
		{kind: access.EventQuestioned, event: func(e *access.Event) { e.Actor, e.Reason = jiratest.Slack(jiratest.Noor), "Which file?" },
			internal: "Asked in Slack by Noor Haddad (noor@acme.example), recorded by Latchkey.\nWhich file?"},
		{name: "of whoever asked in the portal", kind: access.EventQuestioned, event: func(e *access.Event) { e.Actor, e.Reason = jiratest.Slack(jiratest.Noor), "Which file?" },
			set: func(s *jiratest.Story) {
				e := s.Request.Event(access.EventIssueOpened, access.System(), s.Clock.Now())
				e.Note = "raised in the portal"
				s.Append(e)
			}, public: "Asked in Slack by Noor Haddad.\nWhich file?"},
		{kind: access.EventReplied, event: func(e *access.Event) { e.Actor, e.Reason = jiratest.Slack(jiratest.Maya), "The launch one" },
			internal: "Said in Slack by Maya Lind (maya@acme.example), recorded by Latchkey.\nThe launch one"},
		{name: "in Jira", kind: access.EventReplied, event: by(access.Actor{Person: jiratest.Noor, Via: access.ViaJira})},
		{kind: access.EventBreakGlass, set: func(s *jiratest.Story) { s.Request.Incident = "IT-9" }, event: by(jiratest.Slack(jiratest.Maya)),
			internal: "Taken in an emergency, without an approval, in Slack by Maya Lind (maya@acme.example), recorded by Latchkey. Incident: IT-9."},
		{kind: access.EventReviewAsked, event: both, internal: "Noor Haddad or iris@acme.example are asked whether this emergency was one.\nAsked: Noor Haddad (noor@acme.example), iris@acme.example"},
		{kind: access.EventReviewDue},
		{kind: access.EventJustified, event: by(jiratest.Slack(jiratest.Noor)), internal: "Found justified in Slack by Noor Haddad (noor@acme.example), recorded by Latchkey."},
		{kind: access.EventUnjustified, event: by(jiratest.Slack(jiratest.Noor)),
			internal: "Found not justified in Slack by Noor Haddad (noor@acme.example), recorded by Latchkey. What access is left ends now."},
		{name: "when it is over", kind: access.EventUnjustified, event: by(jiratest.Slack(jiratest.Noor)), internal: "Found not justified", set: func(s *jiratest.Story) {
			s.Append(s.Grant.Event(access.EventEnding, access.System(), s.Clock.Now()))
		}, public: "Found not justified in Slack by Noor Haddad."},
		{kind: access.EventReminded},
		{kind: access.EventPaused}, {kind: access.EventPauseConfirmed}, {kind: access.EventResumed}, {kind: access.EventQuarantineEnded}, {kind: access.EventOffboarded}, {kind: access.EventErased},
		{kind: access.EventVouched}, {kind: access.EventMoved}, {kind: access.EventProved}, {kind: access.EventDisowned}, {kind: access.EventUnited}, {kind: access.EventSplit}, {kind: access.EventRenumbered},
		{kind: access.EventDeferred, event: func(e *access.Event) {
			e.Until, e.Reason = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), "An incident"
		},
			internal: "New access is paused until 23 Nov 2026 12:00 UTC. This request is kept, and what it gives follows after that.\nAn incident"},
		{name: "without an end", kind: access.EventDeferred, event: func(e *access.Event) { e.Reason = "It was restored" },
			internal: "New access waits for the moment. This request is kept, and what it gives follows after that.\nIt was restored"},
		{kind: access.EventDelegated}, {kind: access.EventDelegationBegun}, {kind: access.EventDelegationEnded},
		{kind: access.EventStartDue},
		{kind: access.EventAskedAgain},
		{kind: access.EventNudged},
		{kind: access.EventReassigned, event: func(e *access.Event) {
			e.Actor, e.Approvers, e.Reason = access.Actor{Person: jiratest.Maya, Via: access.ViaSlack}, []access.PersonID{jiratest.Noor}, "They are ill"
		},
			internal: "to decide in place of those who were asked.\nThey are ill"},
		{kind: access.EventEscalated, internal: "Nobody has answered, although those who are asked were told several times."},
		{kind: access.EventFollowedUp},
		{kind: access.EventGrantEscalated, set: func(s *jiratest.Story) { s.Grant.Manual = true }, internal: "The change by hand is still not confirmed. IT has been told."},
	}
}

func TestEveryKindOfEventIsWorded(t *testing.T) {
	missing := accesstest.EventKinds(t, "../..")
	for i, tc := range wordingCases() {
		delete(missing, tc.kind)
		t.Run(string(tc.kind)+" "+tc.name, func(t *testing.T) {
			s := story(t, func(s *jiratest.Story) { s.Request.ID = "AR-" + strconv.Itoa(i) })
			s.RequestEvent(access.EventIssueOpened, access.System(), func(e *access.Event) { e.Issue = &access.Issue{ID: "10007", Key: "IT-7"} })
			s.Grant = &access.Grant{ID: s.Request.GrantID(), Person: jiratest.Maya, Created: s.Clock.Now(), State: access.GrantActive,
				Entitlements: []access.Entitlement{{Group: s.Role.Groups[0], State: access.EntitlementHeld}}}
			if tc.set != nil {
				tc.set(s)
			}
			e := s.Request.Event(tc.kind, access.System(), s.Clock.Now())
			e.Group = &s.Role.Groups[0]
			if tc.event != nil {
				tc.event(&e)
			}
			e = s.Append(e)
			n, err := wording.ForEvent(s.Case, e)
			if err != nil {
				t.Fatal(err)
			}
			public, internal := read(t, n.Public), read(t, n.Internal)
			if n.Empty() != (public == "" && internal == "") {
				t.Errorf("empty: %v", n.Empty())
			}
			if diff := cmp.Diff(tc.public, public); diff != "" {
				t.Errorf("the customer reads (-want +got):\n%s", diff)
			}
			if (tc.internal == "") != (internal == "") || !strings.Contains(internal, tc.internal) {
				t.Errorf("agents read\n%s\nwant %q in it", internal, tc.internal)
			}
			if internal != "" && !strings.Contains(internal, "Event "+e.ID+", number "+strconv.FormatUint(e.N, 10)+", leaf "+e.Leaf.String()) {
				t.Errorf("the evidence does not name its event:\n%s", internal)
			}
		})
	}
	for kind := range missing {
		if noun, _, _ := strings.Cut(string(kind), "."); noun != "campaign" && noun != "review" && noun != "reclaim" {
			t.Errorf("nothing is decided about %s", kind)
			continue
		}
		if n, err := wording.ForEvent(access.Case{}, access.Event{Kind: kind}); err != nil || !n.Empty() { // it has an issue of its own
			t.Errorf("%s is told on the issue of a request: %v, %v", kind, n, err)
		}
	}
}

// story is a request that needs no site.
func story(t *testing.T, change ...func(*jiratest.Story)) *jiratest.Story {
	return jiratest.NewStory(&jiratest.Desk{T: t, Clock: jiratest.NewClock()}, change...)
}

// read is what people read of a document.
func read(t *testing.T, d adf.Document) string {
	t.Helper()
	raw, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return adf.DocumentText(raw)
}

// TestManyLongNamesFitIntoAComment: Jira takes 32,767 characters, however long people's names are.
func TestManyLongNamesFitIntoAComment(t *testing.T) {
	s := story(t)
	e := s.Request.Event(access.EventApproversAsked, access.System(), s.Clock.Now())
	e.Note = "Nobody whom the route asks can decide."
	s.People = map[access.PersonID]access.Person{}
	for i := range 300 {
		id := access.PersonID(fmt.Sprintf("P-%03d", i))
		s.People[id] = access.Person{ID: id, Name: strings.Repeat("Officer ", 100), Email: "officer@acme.example"}
		e.Approvers = append(e.Approvers, id)
	}
	for kind, e := range map[access.EventKind]access.Event{access.EventApproversAsked: e, access.EventApproved: e} {
		e.Kind = kind
		n, err := wording.ForEvent(s.Case, s.Append(e))
		if err != nil {
			t.Fatal(err)
		}
		for _, doc := range []adf.Document{n.Public, n.Internal} {
			if text := read(t, doc); len([]rune(text)) > 20_000 {
				t.Errorf("%s: %d characters", kind, len([]rune(text)))
			}
		}
		if text := read(t, n.Public) + read(t, n.Internal); !strings.Contains(text, " more") {
			t.Errorf("%s does not say that there are more", kind)
		}
	}
}

// Names that are written from right to left leave the words around them where they are.
func TestNamesOfBothDirections(t *testing.T) {
	s := story(t)
	s.App.Name = "\u05e4\u05d9\u05d2\u05de\u05d4"
	e := s.Request.Event(access.EventIssueOpened, access.System(), s.Clock.Now())
	e.Kind = access.EventFulfilled
	n, err := wording.ForEvent(s.Case, s.Append(e))
	if want := "Maya Lind now has \u2068" + s.App.Name + "\u2069 · Editor"; err != nil || !strings.Contains(read(t, n.Public), want) {
		t.Errorf("%v: %+q", err, read(t, n.Public))
	}
}

func TestAnUnknownKindIsRefused(t *testing.T) {
	s := story(t)
	_, err := wording.ForEvent(s.Case, s.Append(s.Request.Event("request.juggled", access.System(), s.Clock.Now())))
	jiratest.Failure(t, err, access.Rejected)
}

func TestDescriptionNamesWhoItIsFor(t *testing.T) {
	s := story(t, func(s *jiratest.Story) {
		s.Request.Beneficiary, s.Request.Wanted = jiratest.Iris, catalog.Forever
		s.Beneficiary = access.Person{ID: jiratest.Iris, Email: access.Email(jiratest.Iris), Name: "Iris Vale"}
	})
	text := read(t, wording.Description(s.Case, true))
	for _, want := range []string{
		"Maya Lind (maya@acme.example) asks for Figma · Editor for Iris Vale (iris@acme.example) with no end.",
		"Launch assets", "Risk: medium", "made in Slack at 23 Nov 2026 09:00 UTC",
		"raised this in its own name, because it could not raise it for iris@acme.example",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("want %q in\n%s", want, text)
		}
	}
	if want, got := "Figma · Editor for Iris Vale [AR-7F3K9Q]", wording.Summary(s.Case); got != want {
		t.Errorf("summary %q, want %q", got, want)
	}
}

func TestReportsAndCommentsThatBelongToNoEvent(t *testing.T) {
	at := jiratest.NewClock().Now()
	report := read(t, wording.Report(access.IssueReport{ID: "reconcile-1", At: at, Title: "2 memberships", Lines: []string{"It compared.", "One", "Two"}}))
	if want := "2 memberships\nIt compared.\nOne\nTwo\nReport reconcile-1, made at 23 Nov 2026 09:00 UTC, recorded by Latchkey."; report != want {
		t.Errorf("got\n%s\nwant\n%s", report, want)
	}
	m := access.IssueComment{Title: "Which one?", Quote: "the *new* one", Lines: []string{"Figma", "Miro"}, Link: "https://acme.slack.com/x"}
	if got, want := read(t, wording.Comment(m)), "Which one?\nthe *new* one\nFigma\nMiro\nhttps://acme.slack.com/x"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	m.Link = "javascript:alert(1)"
	if got := read(t, wording.Comment(m)); strings.Contains(got, "javascript") {
		t.Errorf("a link that leads nowhere safe is written: %s", got)
	}
}

// because is an answer of Noor's that she may give for a reason.
func because(b access.Basis) func(*access.Event) {
	return func(e *access.Event) { e.Actor, e.Basis = jiratest.Slack(jiratest.Noor), &b }
}
