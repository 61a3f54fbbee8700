package modals

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/workflow/requests"
	"latchkey/workflow/stepup"
)

const (
	signInTitle  = "Sign in"
	actionSignIn = "sign_in" // leads to a page; Slack tells of it all the same. Never changed.
)

// SignIns begin sign-ins for what asks for one.
type SignIns interface {
	Approve(ctx context.Context, d requests.Decision) (stepup.Way, error)
	TakeRole(ctx context.Context, b requests.BreakGlass) (stepup.Way, error)
}

// signInApproval has an approver sign in, for roles to which a click can't say yes.
type signInApproval struct {
	respond *respond.Responder
	cases   Cases
	signIns SignIns
}

func (m signInApproval) routes() route.Table {
	return route.Table{Clicks: map[route.Key]route.Click{
		route.Anywhere(cards.ActionApproveSignIn): m.approve,
		route.Anywhere(actionSignIn):              func(context.Context, payload.Interaction, payload.Action) error { return nil },
	}}
}

// approve begins it.
func (m signInApproval) approve(_ context.Context, in payload.Interaction, a payload.Action) error {
	t := targetOf(in, a)
	m.respond.Fill(in, "have somebody sign in", signInTitle, func(ctx context.Context) (slack.ModalViewRequest, error) {
		return m.begin(ctx, in, t, 0)
	})
	return nil
}

// begin begins a sign-in for a yes, for as long as was asked for or for less, and shows the way to it.
func (m signInApproval) begin(ctx context.Context, in payload.Interaction, t cards.Target, less time.Duration) (slack.ModalViewRequest, error) {
	by, err := actor(ctx, m.respond, in, t, "approve")
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	way, err := m.signIns.Approve(ctx, requests.Decision{Request: t.Request, Seen: t.Seen, By: by, Yes: true, Wanted: less})
	if err != nil {
		return slack.ModalViewRequest{}, cards.Overtaken(ctx, m.cases, t.Request, by.Person, err)
	}
	c, err := m.cases.Remembered(ctx, t.Request)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	if less != 0 {
		c.Request.Allowed = less
	}
	return signInView(subject(c), "A yes to this", way), nil
}

// instead begins a sign-in where a form for a yes was submitted.
func (m signInApproval) instead(ctx context.Context, in payload.Interaction, less time.Duration) ([]byte, error) {
	t := cards.TargetOf(in.View.Metadata)
	v, err := m.begin(ctx, in, t, less)
	if err != nil {
		return m.respond.Committed(ctx, t.Request, blockShorter, err)
	}
	return payload.ReplaceView(v)
}

// needed tells whether a yes to a request asks for a sign-in.
func (m signInApproval) needed(ctx context.Context, request string) (bool, error) {
	c, err := m.cases.Remembered(ctx, request)
	return err == nil && c.Request.NeedsStepUp(c.Role), err
}

// signInView shows the way to a sign-in. what is what asks for one.
func signInView(about slack.Block, what string, way stepup.Way) slack.ModalViewRequest {
	body, until, in := []slack.Block{about}, blocks.When(way.Expires), blocks.Escape(blocks.Capital(way.Directory), blocks.MaxName)
	if way.Link != "" {
		open := blocks.Button(actionSignIn, way.Directory, "Sign in with "+blocks.Clip(blocks.Capital(way.Directory), 40), slack.StylePrimary)
		open.URL = way.Link
		body = append(body, blocks.Section(what+" needs you to sign in with "+in+". You go through with it on the page that follows; nothing counts before that."),
			slack.NewActionBlock("", open), blocks.SmallPrint("The link is for you alone, works once, and until "+until+". Never send it to anybody."))
	} else {
		body = append(body, blocks.Section(what+" needs you to sign in with "+in+". Open "+blocks.Escape(way.At, 200)+" and type *"+blocks.Escape(way.Code, 40)+"* there. It counts as soon as you have signed in, and I tell you."),
			blocks.SmallPrint("The code is for you alone, works once, and until "+until+". Never give it to anybody, and never use one that somebody sends you."))
	}
	return blocks.Modal(signInTitle, "", "Close", body...)
}

// signInTaking has somebody sign in for a role that they take in an emergency.
func signInTaking(ctx context.Context, signIns SignIns, b requests.BreakGlass, what string) (slack.ModalViewRequest, error) {
	way, err := signIns.TakeRole(ctx, b)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	return signInView(blocks.Section("*"+blocks.Escape(what, 600)+"* "+blocks.ForHow(b.Wanted)+", now, without an approval."), "Taking this", way), nil
}
