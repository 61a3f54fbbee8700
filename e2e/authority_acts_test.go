package e2e

import (
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/bot/socket"
	"latchkey/catalog"
	"latchkey/workflow/people/peopletest"
)

// authorityAct is one thing to do in Slack, to a request in a given situation.
type authorityAct struct {
	name      string
	situation func(id string) situation
	envelope  func(request, user string, n int) socket.Envelope
}

// situation is what there is when it is tried.
type situation struct {
	request access.Request
	grant   *access.Grant
	seat    *access.Reclaim // a question about it
	review  *reviewed       // that it is under
}

// authorityActs are all buttons, forms and words.
func authorityActs() []authorityAct {
	type obj = map[string]any
	typed := func(block, action, value string) obj { return obj{block: obj{action: obj{"value": value}}} }
	chosen := func(block, action, value string) obj {
		return obj{block: obj{action: obj{"selected_option": obj{"value": value}}}}
	}
	with := func(all ...obj) obj {
		out := obj{}
		for _, o := range all {
			for k, v := range o {
				out[k] = v
			}
		}
		return out
	}
	reason := typed("reason", "reason", "Because of the launch")
	person := func(block, user string) obj { return obj{block: obj{block: obj{"selected_user": user}}} }
	day := func(block string, ahead int) obj {
		return obj{block: obj{"day": obj{"selected_date": time.Now().UTC().AddDate(0, 0, ahead).Format(time.DateOnly)}}}
	}
	const omar, maya, gus = "U0OMAR008", "U0MAYA002", "U0GUEST01"
	return append(reviewActs(reason, person("to", omar), person("to", maya)), []authorityAct{
		{"press Approve", waiting, click("approve", "/1")},
		{"press Approve on a role that has to be typed out", dangerous, click("approve", "/1")},
		{"type out an approval", dangerous, form("confirm", "/1", typed("typed", "typed", "Kit"))},
		{"type out an approval wrongly", dangerous, form("confirm", "/1", typed("typed", "typed", "yes"))},
		{"choose Approve for less", waiting, form("approve_shorter", "/1", chosen("shorter", "duration", "1h"))},
		{"deny with a reason", waiting, form("deny", "/1", reason)},
		{"press Approve on a card of the stage before", secondStage, click("approve", "/1")},
		{"press Approve at the second stage", secondStage, click("approve", "/2")},
		{"press Approve on a card from before stages were told apart", waiting, click("approve", "")},
		{"press Approve after the decision", decidedAlready, click("approve", "/1")},
		{"deny after the decision", decidedAlready, form("deny", "/1", reason)},
		{"press Approve on a forwarded card", waiting, forwardedClick("approve", "/1")},
		{"press I'm looking at it", waiting, click("claim", "/1")},
		{"press More", waiting, click("details", "/1")},
		{"press Open", active, click("open_app", "")},
		{"ask a question", waiting, form("ask", "/1", reason)},
		{"answer a question", waiting, form("answer", "", reason)},
		{"press Nudge", waiting, click("nudge", "")},
		{"press Nudge after the decision", decidedAlready, click("nudge", "")},
		{"press Have somebody else decide", waiting, click("reassign", "/1")},
		{"have somebody else decide", waiting, form("reassign", "/1", with(reason, person("to", omar)))},
		{"have somebody else decide of what can do harm", dangerous, form("reassign", "/1", with(reason, person("to", omar)))},
		{"have who gets it decide", waiting, form("reassign", "/1", with(reason, person("to", maya)))},
		{"have a guest decide", waiting, form("reassign", "/1", with(reason, person("to", gus)))},
		{"have somebody else decide without a reason", waiting, form("reassign", "/1", with(typed("reason", "reason", ""), person("to", omar)))},
		{"have somebody else decide what is decided", decidedAlready, form("reassign", "/1", with(reason, person("to", omar)))},
		{"say reassign", waiting, say("reassign IT-77")},
		{"press Cancel request", waiting, click("cancel", "")},
		{"press Cancel request before it begins", planned, click("cancel", "")},
		{"press Cancel request after the decision", decidedAlready, click("cancel", "")},
		{"press Give it back", active, click("return", "")},
		{"press Ask again after a no", deniedAlready, click("ask_again", "")},
		{"press Ask again after the end", ended, click("ask_again", "")},
		{"press Ask again on a card of a request that is gone", ended, func(_, user string, n int) socket.Envelope {
			return click("ask_again", "")("AR-GONE", user, n)
		}},
		{"press Extend", active, click("extend", "")},
		{"extend", active, form("extend", "", with(reason, chosen("more", "duration", "1h")))},
		{"extend beyond what the role allows", active, form("extend", "", with(reason, chosen("more", "duration", "30h")))},
		{"extend what has ended", ended, form("extend", "", with(reason, chosen("more", "duration", "1h")))},
		{"press Give it back after the end", ended, click("return", "")},
		{"press It's done", manual, click("done", "/granting")},
		{"press It's done on a card from before directions were told apart", manual, click("done", "")},
		{"press It's done for giving when it is to be taken away", manualTaking, click("done", "/granting")},
		{"press It's done for taking", manualTaking, click("done", "/revoking")},
		{"press I take it", manual, click("take", "/granting")},
		{"press I take it for giving when it is to be taken away", manualTaking, click("take", "/granting")},
		{"press I take it when it is done", active, click("take", "/granting")},
		{"press Can't be done", manual, click("cant_be_done", "/granting")},
		{"send Can't be done", manual, form("cant_be_done", "/granting", reason)},
		{"send Can't be done without a reason", manual, form("cant_be_done", "/granting", typed("reason", "reason", ""))},
		{"send Can't be done for giving when it is to be taken away", manualTaking, form("cant_be_done", "/granting", reason)},
		{"send Can't be done for taking", manualTaking, form("cant_be_done", "/revoking", reason)},
		{"press It's done on what can't be taken away by hand", manualStuck, click("done", "/revoking")},
		{"press Retry on it", manualStuck, click("retry", "")},
		{"press Retry", stuckGrant, click("retry", "")},
		{"press Retry when nothing is stuck", active, click("retry", "")},
		{"revoke by form", active, rawForm("revoke", `{"w":"`+string(peopletest.ID("maya"))+`","a":"kit"}`, reason)},
		{"press Revoke on the card of an emergency", underReview, click("revoke", "")},
		{"revoke from the card of an emergency", underReview, form("revoke_one", "", reason)},
		{"revoke from a card when it has ended", ended, form("revoke_one", "", reason)},
		{"press Justified", underReview, click("justified", "")},
		{"press Justified after the answer", reviewedAlready, click("justified", "")},
		{"send Not justified", underReview, form("unjustified", "", reason)},
		{"take a role in an emergency", waiting, rawForm("break_glass_confirm", `{"app":"kit","role":"plain","wanted":3600000000000,"reason":"All is down"}`, typed("typed", "typed", "Kit"))},
		{"take a role in an emergency without typing it out", waiting, rawForm("break_glass_confirm", `{"app":"kit","role":"plain","wanted":3600000000000,"reason":"All is down"}`, typed("typed", "typed", "ok"))},
		{"take a role in an emergency for too long", waiting, rawForm("break_glass_confirm", `{"app":"kit","role":"plain","wanted":36000000000000,"reason":"All is down"}`, typed("typed", "typed", "Kit"))},
		{"ask for access", active, rawForm("request", "", with(reason, chosen("app", "app", "kit"), chosen("role.kit", "role", "risky"), chosen("duration.kit.risky", "duration", "1h")))},
		{"ask for access that is there or waits", active, rawForm("request", "", with(reason, chosen("app", "app", "kit"), chosen("role.kit", "role", "plain"), chosen("duration.kit.plain", "duration", "1h")))},
		{"ask for what isn't in the catalogue", waiting, form("unlisted", "", with(reason, typed("unlisted", "unlisted_name", "Blender")))},
		{"press Approve on a card of a request that is gone", waiting, func(_, user string, n int) socket.Envelope {
			return click("approve", "/1")("AR-GONE", user, n)
		}},
		{"choose one message a day", waiting, homeClick("notices_daily", "daily")},
		{"choose what is no choice", waiting, homeClick("notices_daily", "never")},
		{"say mine", waiting, say("mine")},
		{"say approvals", waiting, say("approvals")},
		{"say emergency", waiting, say("emergency")},
		{"say who kit", waiting, say("who kit")},
		{"say help", waiting, say("help")},
		{"say stuck", waiting, say("stuck")},
		{"say report", waiting, say("report")},
		{"say reclaim", askedSeat, say("reclaim")},
		{"say reclaim kit", askedSeat, say("reclaim kit")},
		{"say still needed of an idle seat", askedSeat, form("seat_needed", "-SEAT", reason)},
		{"press Give it back of an idle seat", askedSeat, click("seat_return", "-SEAT")},
		{"press Remind me of an idle seat", askedSeat, click("seat_later", "-SEAT")},
		{"press Leave it out of an idle seat", askedSeat, click("seat_exempt", "-SEAT")},
		{"leave an idle seat out", askedSeat, leaveOut(reason)},
		{"leave an idle seat out without a reason", askedSeat, leaveOut(typed("reason", "reason", ""))},
		{"leave somebody's seat out of which nobody was asked", active, rawForm("seat_left_out", `{"w":"`+string(peopletest.ID("maya"))+`","a":"kit"}`, reason)},
		{"press Ask again of a seat that is left out", leftOutSeat, click("seat_askable", "-SEAT")},
		{"press Ask again of a seat that isn't left out", askedSeat, click("seat_askable", "-SEAT")},
		{"press I need it again of a seat that came back", goneSeat, click("seat_restore", "-SEAT")},
		{"press I need it again of a seat of what can do harm", goneRiskySeat, click("seat_restore", "-SEAT")},
		{"say offboard", active, say("offboard maya@acme.example")},
		{"send the offboarding form", active, rawForm("offboard", `{"w":"`+string(peopletest.ID("maya"))+`","c":"maya@acme.example"}`, with(reason, typed("typed", "typed", "maya@acme.example")))},
		{"send the offboarding form without typing it out", active, rawForm("offboard", `{"w":"`+string(peopletest.ID("maya"))+`","c":"maya@acme.example"}`, with(reason, typed("typed", "typed", "yes")))},
		{"say pause", waiting, say("pause for 30m An incident")},
		{"say pause confirm of a pause that needs none", waiting, say("pause confirm")},
		{"say resume", waiting, say("resume")},
		{"say pause for longer than one alone may", waiting, say("pause for 5h An incident")},
		{"say pause confirm of one's own pause", waiting, say("pause confirm")},
		{"say resume, again", waiting, say("resume")},
		{"have a guest decide for them", waiting, rawForm("away", "", with(person("delegate", gus), day("from", 0), day("until", 7)))},
		{"have somebody decide for them", waiting, rawForm("away", "", with(person("delegate", omar), day("from", 0), day("until", 7)))},
		{"have somebody decide for them, again", waiting, rawForm("away", "", with(person("delegate", omar), day("from", 0), day("until", 7)))},
		{"press Go ahead on what birthrights would do", waiting, homeClick("birthrights", "GONE")},
		{"press Leave it on what birthrights would do", waiting, homeClick("leave_birthrights", "GONE")},
		{"end that somebody decides for somebody", waiting, homeClick("end_delegation", "D-GONE")},
	}...)
}

func click(action, suffix string) func(string, string, int) socket.Envelope {
	return clickIn("message", action, suffix)
}

func forwardedClick(action, suffix string) func(string, string, int) socket.Envelope {
	return clickIn("message_attachment", action, suffix)
}

func clickIn(container, action, suffix string) func(string, string, int) socket.Envelope {
	return func(request, user string, n int) socket.Envelope {
		return envelope("interactive", map[string]any{
			"type": "block_actions", "user": map[string]any{"id": user}, "trigger_id": fmt.Sprint(n),
			"container": map[string]any{"type": container},
			"actions":   []any{map[string]any{"action_id": action, "value": request + suffix}},
		})
	}
}

func homeClick(action, value string) func(string, string, int) socket.Envelope {
	return func(_, user string, n int) socket.Envelope {
		return envelope("interactive", map[string]any{
			"type": "block_actions", "user": map[string]any{"id": user}, "trigger_id": fmt.Sprint(n),
			"container": map[string]any{"type": "view"}, "view": map[string]any{"id": fmt.Sprint("V", n), "type": "home", "callback_id": "home"},
			"actions": []any{map[string]any{"action_id": action, "value": value}},
		})
	}
}

func form(callback, suffix string, values map[string]any) func(string, string, int) socket.Envelope {
	return func(request, user string, n int) socket.Envelope {
		return rawForm(callback, request+suffix, values)(request, user, n)
	}
}

func rawForm(callback, metadata string, values map[string]any) func(string, string, int) socket.Envelope {
	return func(_, user string, n int) socket.Envelope {
		return envelope("interactive", map[string]any{
			"type": "view_submission", "user": map[string]any{"id": user},
			"view": map[string]any{"id": fmt.Sprint("V", n), "callback_id": callback, "private_metadata": metadata, "state": map[string]any{"values": values}},
		})
	}
}

func say(text string) func(string, string, int) socket.Envelope {
	return func(_, user string, n int) socket.Envelope {
		return envelope("slash_commands", map[string]any{"command": "/access", "text": text, "user_id": user, "trigger_id": fmt.Sprint(n)})
	}
}

// waiting is a request by Sam for Maya that waits for Noor.
func waiting(id string) situation {
	now := time.Now().UTC()
	return situation{request: access.Request{
		ID: id, Origin: "origin of " + id, Requester: peopletest.ID("sam"), Beneficiary: peopletest.ID("maya"), App: "kit", Role: "plain",
		Wanted: 6 * time.Hour, Allowed: 6 * time.Hour, Reason: "Launch", Route: "two", State: access.RequestPending, Created: now, Lapses: now.Add(catalog.Week),
		Stages: []access.Stage{
			{Sources: []catalog.Approver{{Kind: catalog.Manager}}, Asked: []access.PersonID{peopletest.ID("noor")}, AskedAt: now},
			{Sources: []catalog.Approver{{Kind: catalog.Owner}}},
		},
	}}
}

func dangerous(id string) situation {
	s := waiting(id)
	s.request.Role = "risky"
	return s
}

func secondStage(id string) situation {
	s := waiting(id)
	noor := access.Actor{Person: peopletest.ID("noor"), Via: access.ViaSlack}
	s.request.Stages[0].Answers = []access.Answer{{By: noor, Yes: true, At: s.request.Created}}
	s.request.Stage, s.request.Stages[1].Asked = 1, []access.PersonID{peopletest.ID("priya")}
	return s
}

func decidedAlready(id string) situation {
	s := secondStage(id)
	priya := access.Actor{Person: peopletest.ID("priya"), Via: access.ViaSlack}
	s.request.Stages[1].Answers = []access.Answer{{By: priya, Yes: true, At: s.request.Created}}
	s.request.State, s.request.Decided = access.RequestApproved, s.request.Created
	s.request.Issue = access.Issue{ID: id, Key: "IT-1"}
	return s
}

// deniedAlready is a request to which Noor said no.
func deniedAlready(id string) situation {
	s := waiting(id)
	s.request.Stages[0].Answers = []access.Answer{{By: access.Actor{Person: peopletest.ID("noor"), Via: access.ViaSlack}, Reason: "Not now", At: s.request.Created}}
	s.request.State, s.request.Decided = access.RequestDenied, s.request.Created
	return s
}

// active is access that Maya holds, on the approval of Noor and Priya.
func active(id string) situation {
	s := decidedAlready(id)
	now := s.request.Created
	s.grant = &access.Grant{
		ID: s.request.GrantID(), Request: id, Person: s.request.Beneficiary, App: "kit", Role: s.request.Role, Source: access.SourceRequested,
		State: access.GrantActive, Wanted: 6 * time.Hour, Created: now, Started: now, Ends: now.Add(6 * time.Hour),
		Entitlements: []access.Entitlement{{Group: catalog.GroupRef{Directory: "okta", Group: "kit-plain"}, State: access.EntitlementHeld}},
	}
	return s
}

// leaveOut is the form that leaves a seat out of which its holder was asked.
func leaveOut(values map[string]any) func(string, string, int) socket.Envelope {
	return func(request, user string, n int) socket.Envelope {
		return rawForm("seat_left_out", `{"c":"`+request+`-SEAT"}`, values)(request, user, n)
	}
}

// askedSeat is access of which Maya was asked whether she still needs it.
func askedSeat(id string) situation {
	s := active(id)
	now := s.request.Created
	s.seat = &access.Reclaim{
		ID: id + "-SEAT", Person: s.grant.Person, App: "kit", Role: s.request.Role, Grant: s.grant.ID, Grants: []string{s.grant.ID}, Request: id,
		Rule:  access.ReclaimRule{Threshold: 20 * catalog.Day, Grace: 5 * catalog.Day, Postpone: 10 * catalog.Day, Postpones: 1, Restore: 10 * catalog.Day},
		State: access.ReclaimAsked, Created: now, Asked: now, Until: now.Add(5 * catalog.Day),
	}
	return s
}

func leftOutSeat(id string) situation {
	s := askedSeat(id)
	s.seat.State, s.seat.Until, s.seat.Decided, s.seat.Why = access.ReclaimExempt, time.Time{}, s.seat.Asked, "On leave"
	return s
}

func goneSeat(id string) situation {
	s := askedSeat(id)
	s.grant.State, s.grant.Finished, s.grant.End = access.GrantEnded, s.request.Created, access.EndReclaimed
	s.grant.Entitlements[0].State = access.EntitlementRemoved
	s.seat.State, s.seat.Until, s.seat.Decided, s.seat.Settled = access.ReclaimRemoved, time.Time{}, s.seat.Asked, s.seat.Asked
	s.seat.Outcome, s.seat.Ends = access.ReclaimGone, s.seat.Grants
	return s
}

func goneRiskySeat(id string) situation {
	s := goneSeat(id)
	s.request.Role, s.grant.Role, s.seat.Role = "risky", "risky", "risky"
	return s
}

// planned is access that was approved and waits for its time.
func planned(id string) situation {
	s := active(id)
	s.grant.State, s.grant.Started, s.grant.Ends, s.grant.Starts = access.GrantWaiting, time.Time{}, time.Time{}, s.request.Created.Add(catalog.Day)
	s.grant.Entitlements[0].State = access.EntitlementWanted
	return s
}

func ended(id string) situation {
	s := active(id)
	s.grant.State, s.grant.Finished, s.grant.End = access.GrantEnded, s.request.Created, access.EndExpired
	s.grant.Entitlements[0].State = access.EntitlementRemoved
	return s
}

func manual(id string) situation {
	s := active(id)
	s.grant.State, s.grant.Manual, s.grant.Entitlements = access.GrantManual, true, nil
	s.grant.Started, s.grant.Ends = time.Time{}, time.Time{}
	return s
}

// manualTaking is access that is to be taken away by hand.
func manualTaking(id string) situation {
	s := manual(id)
	s.grant.Revoking, s.grant.End, s.grant.Started = true, access.EndReturned, s.request.Created
	return s
}

// manualStuck is access that can't be taken away by hand.
func manualStuck(id string) situation {
	s := manualTaking(id)
	s.grant.State, s.grant.Problem = access.GrantStuck, "Only their support can"
	return s
}

func stuckGrant(id string) situation {
	s := active(id)
	s.grant.State, s.grant.Problem, s.grant.Started, s.grant.Ends = access.GrantStuck, "The token lost its rights", time.Time{}, time.Time{}
	s.grant.Entitlements[0].State = access.EntitlementWanted
	return s
}

// underReview is a role that Maya took in an emergency.
func underReview(id string) situation {
	s := active(id)
	s.request.Requester, s.request.Stages, s.request.Stage, s.request.BreakGlass = s.request.Beneficiary, nil, 0, true
	s.request.Skipped = []catalog.Approver{{Kind: catalog.Manager}, {Kind: catalog.Owner}}
	s.request.Review = &access.Review{Asked: []access.PersonID{peopletest.ID("noor"), peopletest.ID("priya")}, Rounds: 1, Next: s.request.Created.Add(catalog.Day)}
	s.grant.Source = access.SourceBreakGlass
	return s
}

func reviewedAlready(id string) situation {
	s := underReview(id)
	s.request.Review.Answer = &access.Answer{By: access.Actor{Person: peopletest.ID("priya")}, Yes: true}
	return s
}
