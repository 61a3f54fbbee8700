package workflow

import (
	"encoding/json"
	"fmt"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// The queues. Every directory has one more, named by its id.
const (
	houseQueue = "house"
	jiraQueue  = "jira"
	slackQueue = "slack"
)

// The kinds of task.
const (
	openIssue     = "issue.open"
	recordEvent   = "issue.record"
	findApprovers = "approvers.find"
	showCard      = "card.show"
	addMember     = "grant.add"
	removeMember  = "grant.remove"
	tellThread    = "thread.tell"
	linkIncident  = "incident.link"
	showNotice    = "notice.show"
	doDuty        = "duty.do"
)

// eventPayload points at the event a task is about.
type eventPayload struct {
	Event uint64
	Stage int
}

// memberPayload says which grant and group a task changes.
type memberPayload struct {
	Grant string
	Group catalog.GroupRef
}

// cardPayload says which card a task brings up to date.
type cardPayload struct {
	Face   Face
	Reader access.PersonID // empty for a channel
}

// The lane of an issue keeps its story in order: it is opened before anything
// is told to it.
func issueLane(request string) string { return "issue/" + request }

func openIssueTask(e access.Event) store.Task {
	return store.Task{ID: "open/" + e.Request, Queue: jiraQueue, Kind: openIssue, Subject: e.Request, Priority: store.Writings, Lane: issueLane(e.Request)}
}

func recordTask(e access.Event) store.Task {
	return store.Task{
		ID: "record/" + e.ID(), Queue: jiraQueue, Kind: recordEvent, Subject: e.Request,
		Priority: store.Writings, Lane: issueLane(e.Request), Payload: payload(eventPayload{Event: e.Seq}),
	}
}

func findApproversTask(e access.Event) store.Task {
	return store.Task{
		ID: fmt.Sprintf("approvers/%s/after-%d", e.Request, e.Seq), Queue: houseQueue, Kind: findApprovers, Subject: e.Request,
		Priority: store.Additions, Payload: payload(eventPayload{Event: e.Seq}),
	}
}

// memberTask changes one person's place in one group. Of the tasks about that
// place only one runs at a time, whichever grants they belong to: an addition
// and a removal can't overtake each other halfway.
func memberTask(e access.Event, group catalog.GroupRef, kind string, p store.Priority) store.Task {
	return store.Task{
		ID: memberTaskID(kind, e.Grant, group), Queue: group.Directory, Kind: kind, Subject: e.Request,
		Priority: p, Lock: group.String() + "|" + string(e.Person), Payload: payload(memberPayload{Grant: e.Grant, Group: group}),
	}
}

func memberTaskID(kind, grant string, group catalog.GroupRef) string {
	return kind + "/" + grant + "/" + group.String()
}

func showCardTask(request string, c cardPayload) store.Task {
	return store.Task{
		ID: "card/" + store.CardID(request, string(c.Face), string(c.Reader)), Queue: slackQueue, Kind: showCard, Subject: request,
		Priority: store.Notices, Payload: payload(c),
	}
}

func tellTask(e access.Event) store.Task {
	return store.Task{
		ID: "tell/" + e.ID(), Queue: slackQueue, Kind: tellThread, Subject: e.Request,
		Priority: store.Notices, Lane: "talk/" + e.Request, Payload: payload(eventPayload{Event: e.Seq}),
	}
}

// linkIncidentTask waits in the issue's lane until the issue is there.
func linkIncidentTask(e access.Event) store.Task {
	return store.Task{ID: "incident/" + e.Request, Queue: jiraQueue, Kind: linkIncident, Subject: e.Request, Priority: store.Writings, Lane: issueLane(e.Request)}
}

// read decodes a task's payload.
func read[T any](t store.Task) (T, error) {
	var v T
	if err := json.Unmarshal(t.Payload, &v); err != nil {
		return v, fmt.Errorf("task %s has a payload that can't be read: %w", t.ID, err)
	}
	return v, nil
}
