package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/requests"
)

// Names of what comes back from Slack, for emergencies. Never changed.
const (
	callbackBreakGlass        = "break_glass"
	callbackBreakGlassConfirm = "break_glass_confirm"
	callbackUnjustified       = "unjustified"

	actionJustified      = "justified"
	actionUnjustified    = "unjustified"
	actionIncident       = "incident"
	actionBreakGlassRole = "break_glass_role"

	blockBreakGlassRole = "break_glass_role"
	blockBreakGlassTime = "break_glass_time"
	blockIncident       = "incident"

	breakGlassTitle = "Emergency access"
	maxIncident     = 40
)

func (b *Bot) sayEmergency(_ context.Context, s saying) ([]byte, error) {
	b.openBreakGlass(s.user, s.trigger)
	return nil, nil
}

// openBreakGlass opens the first step: what, how long, why, and for which incident.
func (b *Bot) openBreakGlass(user, trigger string) {
	in := interaction{User: ref{ID: user}, Trigger: trigger}
	b.later("open the emergency form", func(ctx context.Context) error {
		if _, err := b.person(ctx, in, "", "open emergency access"); err != nil {
			return b.settle(in, err)
		}
		return b.open(ctx, in, b.breakGlassView())
	})
}

func (b *Bot) breakGlassView() slack.ModalViewRequest {
	roles, most := b.breakGlassRoles()
	if len(roles) == 0 {
		return notice(breakGlassTitle, "No role can be taken in an emergency here. Please ask for access in the ordinary way.")
	}
	menu := &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: actionBreakGlassRole, Placeholder: plain("Choose", maxPlaceholder), Options: roles}
	incident := slack.NewPlainTextInputBlockElement(plain("OPS-123", maxPlaceholder), actionIncident)
	incident.MaxLength = maxIncident
	link := slack.NewInputBlock(blockIncident, plain("Incident", maxHint), plain("The key of its ticket, if there is one. The two are linked.", maxHint), incident)
	link.Optional = true
	v := modal(breakGlassTitle, "Next", "Cancel",
		section(":rotating_light: For when waiting does harm. You get the role without asking anybody. Everybody who would have been asked is told at once, and says afterwards whether it was right."),
		slack.NewInputBlock(blockBreakGlassRole, plain("App and role", maxHint), nil, menu),
		slack.NewInputBlock(blockBreakGlassTime, plain("For how long", maxHint), nil, durationMenu(breakGlassTimes(most))),
		wordsInput("What is happening?", "Everybody who is told reads this.", "What is broken, and what will you do?"),
		link)
	v.CallbackID = callbackBreakGlass
	return v
}

// breakGlassRoles are the roles that can be taken, and the longest time of any.
func (b *Bot) breakGlassRoles() (options []*slack.OptionBlockObject, most time.Duration) {
	for _, app := range b.cfg.Catalog().Apps() {
		for _, role := range app.Roles {
			if !role.BreakGlass || !app.Offered() || len(options) == maxOptions {
				continue
			}
			options = append(options, option(app.ID+"/"+role.ID, or(app.Name, app.ID)+" · "+or(role.Name, role.ID), role.Description))
			most = max(most, b.cfg.Requests.BreakGlassMost(role))
		}
	}
	return options, most
}

// breakGlassTimes are the durations offered, the shortest first.
func breakGlassTimes(most time.Duration) []time.Duration {
	var out []time.Duration
	for _, d := range []time.Duration{30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour} {
		if d < most {
			out = append(out, d)
		}
	}
	return append(out, most)
}

// breakGlassForm is what the first step hands to the second, in the view's metadata.
type breakGlassForm struct {
	App      string        `json:"app"`
	Role     string        `json:"role"`
	Wanted   time.Duration `json:"wanted"`
	Reason   string        `json:"reason"`
	Incident string        `json:"incident,omitempty"`
}

// submitBreakGlass turns the first step into the second. Nothing has happened yet.
func (b *Bot) submitBreakGlass(_ context.Context, in interaction) ([]byte, error) {
	v := in.View.State.Values
	app, role, _ := strings.Cut(v.choice(blockBreakGlassRole, actionBreakGlassRole), "/")
	wanted, err := catalog.ParseDuration(v.choice(blockBreakGlassTime, actionDuration))
	if err != nil {
		return fieldError(blockBreakGlassTime, "Please choose for how long.")
	}
	a, r, ok := b.cfg.Catalog().Role(app, role)
	if !ok {
		return fieldError(blockBreakGlassRole, appGone)
	}
	if most := b.cfg.Requests.BreakGlassMost(r); wanted > most {
		return fieldError(blockBreakGlassTime, "In an emergency this role can be taken for "+catalog.FormatDuration(most)+" at most.")
	}
	ask := breakGlassForm{app, role, wanted, clip(v.text(blockReason, actionReason), access.MaxReason), clip(strings.TrimSpace(v.text(blockIncident, actionIncident)), maxIncident)}
	next, err := ask.confirmView(a, r)
	if err != nil {
		return nil, err
	}
	return turnInto(next)
}

func (g breakGlassForm) confirmView(app catalog.App, role catalog.Role) (slack.ModalViewRequest, error) {
	meta, err := json.Marshal(g)
	if err != nil || len(meta) > maxSection {
		return slack.ModalViewRequest{}, fmt.Errorf("carry an emergency to its second step: %d bytes: %w", len(meta), err)
	}
	name := or(app.Name, app.ID)
	v := modal(breakGlassTitle, "Take it now", "Cancel",
		section("*"+esc(name+" · "+or(role.Name, role.ID), 600)+"* "+forHow(g.Wanted)+", now, without an approval. It is recorded and reviewed, and ends by itself."),
		typedInput(name, "take it"))
	v.CallbackID, v.PrivateMetadata = callbackBreakGlassConfirm, string(meta)
	return v, nil
}

// submitBreakGlassConfirm takes the role.
func (b *Bot) submitBreakGlassConfirm(ctx context.Context, in interaction) ([]byte, error) {
	var ask breakGlassForm
	if err := json.Unmarshal([]byte(in.View.Metadata), &ask); err != nil {
		return nil, fmt.Errorf("read the second step of an emergency: %w", err)
	}
	p, err := b.person(ctx, in, "", "take a role in an emergency")
	if err != nil {
		return b.answered(ctx, "", blockTyped, err)
	}
	r, err := b.cfg.Requests.TakeNow(ctx, requests.BreakGlass{
		Origin: in.View.ID, By: p, Account: in.User.ID, App: ask.App, Role: ask.Role, Wanted: ask.Wanted,
		Reason: ask.Reason, Incident: ask.Incident, Typed: in.View.State.Values.text(blockTyped, actionTyped),
	})
	if err != nil {
		return b.answered(ctx, "", blockTyped, err)
	}
	return turnInto(modal(breakGlassTitle, "", "Close", section("It is on its way, "+forHow(r.Allowed)+". It begins as soon as its ticket is written, which takes seconds. My direct message shows when it is there.")))
}

// justify commits that an emergency was one.
func (b *Bot) justify(ctx context.Context, in interaction, t target) error {
	by, err := b.actor(ctx, in, t.request, "review")
	if err == nil {
		err = b.cfg.Requests.Review(ctx, t.request, by, true, "")
	}
	return b.settle(in, err)
}

// openUnjustified asks what was wrong.
func (b *Bot) openUnjustified(_ context.Context, in interaction, t target) error {
	v := modal("Not justified", "Send", "Cancel", wordsInput("What was wrong about it?", "It is kept on the ticket. What is left of the access ends now.", "Why was this no emergency?"))
	v.CallbackID, v.PrivateMetadata = callbackUnjustified, t.String()
	b.later("open the review form", func(ctx context.Context) error { return b.open(ctx, in, v) })
	return nil
}

func (b *Bot) submitUnjustified(ctx context.Context, in interaction) ([]byte, error) {
	t := targetOf(in.View.Metadata)
	by, err := b.actor(ctx, in, t.request, "review")
	if err == nil {
		err = b.cfg.Requests.Review(ctx, t.request, by, false, in.View.State.Values.text(blockReason, actionReason))
	}
	return b.answered(ctx, t.request, blockReason, err)
}
