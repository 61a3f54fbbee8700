package access

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// What happens to a campaign. Event.Review says the rest.
const (
	EventCampaignPlanned    EventKind = "campaign.planned"             // it began: Review.Definition
	EventCampaignRead       EventKind = "campaign.read"                // who is in which group: Review.Snapshot, Counts, Unproven
	EventPopulationAccepted EventKind = "campaign.population_accepted" // somebody takes what was read as it is: Event.Reason
	EventReadAgain          EventKind = "campaign.read_again"          // it is read anew
	EventCampaignStarted    EventKind = "campaign.started"             // reviewers are asked: Review.Due
	EventReviewersReminded  EventKind = "campaign.reminded"            // those are told again who haven't answered
	EventStageBegun         EventKind = "campaign.stage_begun"         // the next stage: Review.Due
	EventReviewersLate      EventKind = "campaign.reviewers_late"      // it was due, and rows are left: others are asked as well, then instead
	EventReviewerMoved      EventKind = "campaign.reviewer_moved"      // somebody answers in another one's place: Review.From, To; moves a worklist
	EventStageOver          EventKind = "campaign.stage_over"          // nobody answers in the stage any more; what follows is being done
	EventRowsLeftToIT       EventKind = "campaign.left_to_it"          // IT answers what nobody did: Review.Left
	EventDecidingOver       EventKind = "campaign.deciding_over"       // nobody answers any more
	EventCampaignRechecked  EventKind = "campaign.rechecked"           // every revoked row was looked at again
	EventCampaignClosed     EventKind = "campaign.closed"
	EventCampaignCancelled  EventKind = "campaign.cancelled"    // Event.Reason
	EventCampaignIssue      EventKind = "campaign.issue_opened" // the issue exists: Event.Issue
	EventPackMade           EventKind = "campaign.pack_made"    // Review.Hash
)

// What happens to a row of a campaign. Review.Row says which.
const (
	EventRowAnswered   EventKind = "review.answered"   // a reviewer answers: Review.Decision; or takes it back
	EventRowReassigned EventKind = "review.reassigned" // Review.Reviewers answer from now on
	EventRowStage      EventKind = "review.next_stage"
	EventRowDecided    EventKind = "review.decided"      // no more answers come: Review.Decision, Review.Grounds
	EventRowRevoking   EventKind = "review.revoking"     // the removal begins: Review.Ends
	EventRowSettled    EventKind = "review.settled"      // Review.Outcome, Event.Note
	EventRowIssue      EventKind = "review.issue_opened" // the issue of the revocation exists
	EventRowRechecked  EventKind = "review.rechecked"    // Review.Outcome
	EventRowRestored   EventKind = "review.restored"
)

// CampaignRule is one line of a campaign's state table.
type CampaignRule struct {
	From CampaignState
	On   EventKind
	To   []CampaignState
	do   func(*Campaign, Event, time.Time) error
}

// CampaignRules is the whole table. What is not in it is refused; that its issue exists may be noted in every state.
func CampaignRules() []CampaignRule {
	return []CampaignRule{
		{CampaignReading, EventCampaignRead, []CampaignState{CampaignDraft, CampaignUnproven}, campaignRead},
		{CampaignReading, EventCampaignCancelled, []CampaignState{CampaignCancelled}, campaignCancelled},

		{CampaignUnproven, EventPopulationAccepted, []CampaignState{CampaignDraft}, populationAccepted},
		{CampaignUnproven, EventReadAgain, []CampaignState{CampaignReading}, readAgain},
		{CampaignUnproven, EventCampaignCancelled, []CampaignState{CampaignCancelled}, campaignCancelled},

		{CampaignDraft, EventReadAgain, []CampaignState{CampaignReading}, readAgain},
		{CampaignDraft, EventCampaignStarted, []CampaignState{CampaignOpen}, campaignStarted},
		{CampaignDraft, EventCampaignCancelled, []CampaignState{CampaignCancelled}, campaignCancelled},

		{CampaignOpen, EventReviewersReminded, []CampaignState{CampaignOpen}, reviewersReminded},
		{CampaignOpen, EventReviewersLate, []CampaignState{CampaignOpen}, reviewersLate},
		{CampaignOpen, EventStageOver, []CampaignState{CampaignOpen}, stageOver},
		{CampaignOpen, EventRowsLeftToIT, []CampaignState{CampaignOpen}, rowsLeftToIT},
		{CampaignOpen, EventStageBegun, []CampaignState{CampaignOpen}, stageBegun},
		{CampaignOpen, EventDecidingOver, []CampaignState{CampaignEnforcing}, decidingOver},
		{CampaignOpen, EventCampaignCancelled, []CampaignState{CampaignCancelled}, campaignCancelled},

		{CampaignEnforcing, EventCampaignRechecked, []CampaignState{CampaignEnforcing}, campaignRechecked},
		{CampaignEnforcing, EventCampaignClosed, []CampaignState{CampaignClosed}, campaignClosed},

		{CampaignClosed, EventPackMade, []CampaignState{CampaignClosed}, packMade},
	}
}

// Apply moves the campaign by one event. A move that is not allowed is a Refusal.
func (c Campaign) Apply(e Event, at time.Time) (Campaign, []Effect, error) {
	switch {
	case e.Newer():
		return c, nil, ErrNewerEvent
	case e.Review == nil && e.Kind != EventCampaignIssue:
		return c, nil, fmt.Errorf("access: the event %s says nothing of a review", e.Kind)
	case e.Kind == EventCampaignIssue:
		if e.Issue == nil || e.Issue.Key == "" {
			return c, nil, refuse(Invalid, "There is no issue.")
		}
		c.Issue = *e.Issue
		return c, nil, nil
	}
	rules := CampaignRules()
	n := slices.IndexFunc(rules, func(r CampaignRule) bool { return r.From == c.State && r.On == e.Kind })
	if n < 0 {
		return c, nil, refuse(TooLate, c.State.Unmoved())
	}
	next := c
	if err := rules[n].do(&next, e, at); err != nil {
		return c, nil, err
	}
	if !slices.Contains(rules[n].To, next.State) {
		return c, nil, fmt.Errorf("access: campaign %s went from %s to %s on %s, which the table does not allow", c.ID, c.State, next.State, e.Kind)
	}
	return next, nil, nil
}

// Unmoved says why a campaign isn't moved by what was to happen to it.
func (s CampaignState) Unmoved() string {
	switch s {
	case CampaignReading:
		return "Who has which access is still being read. Please wait until that is done."
	case CampaignUnproven:
		return "It isn't certain that everybody was read. IT has to read it again, or accept it as it is."
	case CampaignDraft:
		return "This review hasn't started yet."
	case CampaignOpen:
		return "This review is going on."
	case CampaignEnforcing:
		return "The time to answer is over; what was revoked is being removed."
	case CampaignCancelled:
		return "This review was cancelled."
	}
	return "This review is closed."
}

// NewCampaign begins a run of a review, and gives its first event. Reading who is in which group comes next.
func NewCampaign(c Campaign, at time.Time) (Campaign, Event, error) {
	switch {
	case c.ID == "" || len(c.Review.Stages) == 0 || len(c.Review.Stages) > 2:
		return Campaign{}, Event{}, refuse(Invalid, "A review needs one or two stages.")
	case c.Small() != (c.About != ""):
		return Campaign{}, Event{}, refuse(Invalid, "A review for an occasion is about one person.")
	}
	c.State, c.Created, c.Stage = CampaignReading, at.UTC(), 0
	e := c.Event(EventCampaignPlanned, c.By, at)
	definition := c.Review
	e.Person, e.Review = c.About, &ReviewDetails{Definition: &definition, Run: c.Run, Occasion: c.Occasion}
	return c, e, nil
}

// campaignRead notes what was read. What isn't proven to be everybody waits for IT.
func campaignRead(c *Campaign, e Event, at time.Time) error {
	if e.Review.Snapshot == "" || e.Review.Counts == nil {
		return refuse(Invalid, "Nothing was read.")
	}
	c.Snapshot, c.Read, c.Counts, c.Unproven, c.Accepted = e.Review.Snapshot, at.UTC(), *e.Review.Counts, e.Review.Unproven, nil
	c.State = CampaignDraft
	if len(c.Unproven) > 0 {
		c.State = CampaignUnproven
	}
	return nil
}

func populationAccepted(c *Campaign, e Event, at time.Time) error {
	switch why := strings.TrimSpace(e.Reason); {
	case e.Actor.Person == "":
		return refuse(NotAllowed, "Only somebody with a name can accept this.")
	case why == "":
		return Refuse(Invalid, "reason", "Please say why it can be taken as it is: the pack prints that with your name.")
	default:
		c.Accepted, c.State = &Acceptance{By: e.Actor, At: at.UTC(), Why: why}, CampaignDraft
	}
	return nil
}

func readAgain(c *Campaign, _ Event, _ time.Time) error {
	c.State, c.Snapshot, c.Read, c.Counts, c.Unproven, c.Accepted = CampaignReading, "", time.Time{}, RowCounts{}, nil, nil
	return nil
}

func campaignStarted(c *Campaign, e Event, at time.Time) error {
	if !e.Review.Due.After(at) {
		return refuse(Invalid, "A review has to end later than it starts.")
	}
	c.State, c.StartedBy, c.Started = CampaignOpen, e.Actor, at.UTC()
	c.run(e)
	return nil
}

// run begins a stage.
func (c *Campaign) run(e Event) {
	c.Due, c.Remind, c.Reminded, c.Over, c.Escalated = e.Review.Due.UTC(), e.Review.Remind, 0, time.Time{}, 0
	c.AllSaid = time.Time{}
	c.counted(e)
}

// counted takes over how far the rows are, where an event says that.
func (c *Campaign) counted(e Event) {
	if e.Review.Progress != nil {
		c.Progress = *e.Review.Progress
	}
}

func reviewersReminded(c *Campaign, e Event, at time.Time) error {
	if c.Remind.IsZero() || at.Before(c.Remind) {
		return refuse(Invalid, "It isn't time to tell anybody again.")
	}
	c.Remind = e.Review.Remind
	c.Reminded++
	return nil
}

// reviewersLate notes that others are asked because rows are left. At the due time itself that is nobody yet.
func reviewersLate(c *Campaign, _ Event, at time.Time) error {
	if !c.Late(at) || c.Escalated >= len(lateSteps())-1 {
		return refuse(Invalid, "Nobody is late.")
	}
	c.Escalated++
	return nil
}

// stageOver ends the time to answer, by itself or on somebody's word. What follows of it is done in parts.
func stageOver(c *Campaign, e Event, at time.Time) error {
	if !c.Over.IsZero() {
		return refuse(Duplicate, "The time to answer is over already.")
	}
	c.Over, c.Early, c.Remind = at.UTC(), e.Actor.Person != "" || e.Actor.Via == ViaCLI, time.Time{}
	return nil
}

// rowsLeftToIT has IT answer what nobody else did. There is no due time for that: the campaign waits.
func rowsLeftToIT(c *Campaign, e Event, _ time.Time) error {
	switch {
	case c.Over.IsZero():
		return refuse(Invalid, "The time to answer isn't over yet.")
	case e.Review.Left <= 0:
		return refuse(Invalid, "Nothing is left.")
	}
	c.ToIT, c.Over, c.Due, c.Remind, c.AllSaid = e.Review.Left, time.Time{}, time.Time{}, e.Review.Remind, time.Time{}
	return nil
}

func stageBegun(c *Campaign, e Event, at time.Time) error {
	switch {
	case c.Review.Last(c.Stage) || c.Early:
		return refuse(Invalid, "There is no further stage.")
	case c.Over.IsZero():
		return refuse(Invalid, "The time to answer isn't over yet.")
	case !e.Review.Due.After(at):
		return refuse(Invalid, "A stage has to end later than it begins.")
	}
	c.Stage++
	c.run(e)
	return nil
}

func decidingOver(c *Campaign, e Event, at time.Time) error {
	if c.Over.IsZero() {
		return refuse(Invalid, "The time to answer isn't over yet.")
	}
	c.counted(e)
	c.State, c.DecidedAt, c.Remind, c.RecheckAt = CampaignEnforcing, at.UTC(), time.Time{}, e.Review.Due
	return nil
}

func campaignRechecked(c *Campaign, e Event, _ time.Time) error {
	c.counted(e)
	c.RecheckAt = e.Review.Due
	c.Recheckeds++
	return nil
}

// campaignClosed closes it. A row whose removal is on its way keeps it open; one that waits for a human doesn't: the
// pack says so.
func campaignClosed(c *Campaign, e Event, at time.Time) error {
	c.counted(e)
	switch {
	case c.Progress.Open > 0:
		return refuse(Invalid, "Something is still being removed.")
	case c.Progress.Revoked > 0 && c.Recheckeds == 0:
		return refuse(Invalid, "What was removed hasn't been looked at again.")
	}
	c.State, c.Closed, c.ClosedBy, c.RecheckAt = CampaignClosed, at.UTC(), e.Actor, time.Time{}
	return nil
}

func campaignCancelled(c *Campaign, e Event, at time.Time) error {
	if c.Why = strings.TrimSpace(e.Reason); c.Why == "" {
		return Refuse(Invalid, "reason", "Please say why it is cancelled.")
	}
	c.State, c.Closed, c.ClosedBy, c.Remind = CampaignCancelled, at.UTC(), e.Actor, time.Time{}
	return nil
}

func packMade(c *Campaign, e Event, _ time.Time) error {
	if e.Review.Hash == "" {
		return refuse(Invalid, "There is no pack.")
	}
	c.Pack = e.Review.Hash
	return nil
}
