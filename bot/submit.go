package bot

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow"
)

// submitRequest commits what the form asks for. The view's id keys the
// submission, so a second delivery makes no second request.
func (b *Bot) submitRequest(ctx context.Context, in interaction) ([]byte, error) {
	c := b.cfg.Desk.Catalog()
	f := formOf(c, in.View.State.Values)
	if app, known := c.App(f.App); !known || !app.Offered() {
		return fieldError(blockApp, appGone)
	}
	if in.View.State.Values[blockRole(f.App)] == nil {
		f.Notice = rolesLoading // submitted before the roles were there
		v := f.view(c)
		return reply(slack.NewUpdateViewSubmissionResponse(&v))
	}
	r, err := b.submit(ctx, in, f)
	if err != nil {
		return reply(slack.NewErrorsViewSubmissionResponse(b.formErrors(ctx, f, in.View.State.Values, err)))
	}
	b.forms.forget(in.View.ID)
	done := submitted(c, r)
	return reply(slack.NewUpdateViewSubmissionResponse(&done))
}

func (b *Bot) submit(ctx context.Context, in interaction, f form) (access.Request, error) {
	person, err := b.cfg.Desk.Who(ctx, in.User.ID)
	if err != nil {
		return access.Request{}, err
	}
	wanted, err := catalog.ParseDuration(in.View.State.Values.choice(blockDuration(f.App, f.Role), actionDuration))
	if err != nil {
		return access.Request{}, access.Refuse(access.Invalid, "duration", "Please choose for how long.")
	}
	return b.cfg.Desk.Submit(ctx, workflow.Submission{
		ID: in.View.ID, By: person, App: f.App, Role: f.Role, Wanted: wanted,
		Reason: in.View.State.Values.text(blockReason, actionReason), Via: access.ViaSlack,
	})
}

// formErrors puts what went wrong under the field it is about. Slack takes
// errors only for inputs that are on the form.
func (b *Bot) formErrors(ctx context.Context, f form, shown values, err error) map[string]string {
	refusal, ok := access.AsRefusal(err)
	if !ok {
		b.log.ErrorContext(ctx, "A request couldn't be committed", "error", err)
		return map[string]string{blockReason: unsavedForm}
	}
	block := map[string]string{
		"role": blockRole(f.App), "duration": blockDuration(f.App, f.Role), "reason": blockReason,
	}[refusal.Field]
	if shown[block] == nil {
		block = blockApp
	}
	return map[string]string{block: clip(refusal.Sentence, maxErrorText)}
}

// submitted is what the form turns into.
func submitted(c *catalog.Catalog, r access.Request) slack.ModalViewRequest {
	app, role, _ := c.Role(r.App, r.Role)
	next := "I'm asking those who may approve it. The direct message I send you always shows where it stands."
	if r.State == access.ApprovedR {
		next = "Nobody has to be asked for this role, so it is being set up right now. The direct message I send you shows when it is there."
	}
	what := esc(or(app.Name, r.App), longest) + " · " + esc(or(role.Name, r.Role), longest)
	return modal("Asked", "", "Close", section("*"+what+"* "+forHow(r.Wanted)), section(next))
}
