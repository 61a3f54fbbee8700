package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/catalog"
	"latchkey/workflow/requests"
)

// Names of what comes back from Slack, for emergencies. Never changed.
const (
	callbackBreakGlass        = "break_glass"
	callbackBreakGlassConfirm = "break_glass_confirm"
	callbackUnjustified       = "unjustified"

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
	in := payload.Interaction{User: payload.Ref{ID: user}, Trigger: trigger}
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
		return blocks.Notice(breakGlassTitle, "No role can be taken in an emergency here. Please ask for access in the ordinary way.")
	}
	menu := &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: actionBreakGlassRole, Placeholder: blocks.Plain("Choose", blocks.MaxPlaceholder), Options: roles}
	incident := slack.NewPlainTextInputBlockElement(blocks.Plain("OPS-123", blocks.MaxPlaceholder), actionIncident)
	incident.MaxLength = maxIncident
	link := slack.NewInputBlock(blockIncident, blocks.Plain("Incident", blocks.MaxHint), blocks.Plain("The key of its ticket, if there is one. The two are linked.", blocks.MaxHint), incident)
	link.Optional = true
	v := blocks.Modal(breakGlassTitle, "Next", "Cancel",
		blocks.Section(":rotating_light: For when waiting does harm. You get the role without asking anybody. Everybody who would have been asked is told at once, and says afterwards whether it was right."),
		slack.NewInputBlock(blockBreakGlassRole, blocks.Plain("App and role", blocks.MaxHint), nil, menu),
		slack.NewInputBlock(blockBreakGlassTime, blocks.Plain("For how long", blocks.MaxHint), nil, durationMenu(breakGlassTimes(most))),
		wordsInput("What is happening?", "Everybody who is told reads this.", "What is broken, and what will you do?"),
		link)
	v.CallbackID = callbackBreakGlass
	return v
}

// breakGlassRoles are the roles that can be taken, and the longest time of any.
func (b *Bot) breakGlassRoles() (options []*slack.OptionBlockObject, most time.Duration) {
	for _, app := range b.cfg.Catalog().Apps() {
		for _, role := range app.Roles {
			if !role.BreakGlass || !app.Offered() || len(options) == blocks.MaxOptions {
				continue
			}
			options = append(options, blocks.Option(app.ID+"/"+role.ID, blocks.Or(app.Name, app.ID)+" · "+blocks.Or(role.Name, role.ID), role.Description))
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
func (b *Bot) submitBreakGlass(_ context.Context, in payload.Interaction) ([]byte, error) {
	v := in.View.State.Values
	app, role, _ := strings.Cut(v.Choice(blockBreakGlassRole, actionBreakGlassRole), "/")
	wanted, err := catalog.ParseDuration(v.Choice(blockBreakGlassTime, actionDuration))
	if err != nil {
		return payload.FieldError(blockBreakGlassTime, "Please choose for how long.")
	}
	a, r, ok := b.cfg.Catalog().Role(app, role)
	if !ok {
		return payload.FieldError(blockBreakGlassRole, appGone)
	}
	if most := b.cfg.Requests.BreakGlassMost(r); wanted > most {
		return payload.FieldError(blockBreakGlassTime, "In an emergency this role can be taken for "+catalog.FormatDuration(most)+" at most.")
	}
	ask := breakGlassForm{app, role, wanted, blocks.Clip(v.Text(blockReason, actionReason), access.MaxReason), blocks.Clip(strings.TrimSpace(v.Text(blockIncident, actionIncident)), maxIncident)}
	next, err := ask.confirmView(a, r)
	if err != nil {
		return nil, err
	}
	return payload.ReplaceView(next)
}

func (g breakGlassForm) confirmView(app catalog.App, role catalog.Role) (slack.ModalViewRequest, error) {
	meta, err := json.Marshal(g)
	if err != nil || len(meta) > blocks.MaxSection {
		return slack.ModalViewRequest{}, fmt.Errorf("carry an emergency to its second step: %d bytes: %w", len(meta), err)
	}
	name := blocks.Or(app.Name, app.ID)
	v := blocks.Modal(breakGlassTitle, "Take it now", "Cancel",
		blocks.Section("*"+blocks.Escape(name+" · "+blocks.Or(role.Name, role.ID), 600)+"* "+blocks.ForHow(g.Wanted)+", now, without an approval. It is recorded and reviewed, and ends by itself."),
		typedInput(name, "take it"))
	v.CallbackID, v.PrivateMetadata = callbackBreakGlassConfirm, string(meta)
	return v, nil
}

// submitBreakGlassConfirm takes the role.
func (b *Bot) submitBreakGlassConfirm(ctx context.Context, in payload.Interaction) ([]byte, error) {
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
		Reason: ask.Reason, Incident: ask.Incident, Typed: in.View.State.Values.Text(blockTyped, actionTyped),
	})
	if err != nil {
		return b.answered(ctx, "", blockTyped, err)
	}
	return payload.ReplaceView(blocks.Modal(breakGlassTitle, "", "Close", blocks.Section("It is on its way, "+blocks.ForHow(r.Allowed)+". It begins as soon as its ticket is written, which takes seconds. My direct message shows when it is there.")))
}

// justify commits that an emergency was one.
func (b *Bot) justify(ctx context.Context, in payload.Interaction, t cards.Target) error {
	by, err := b.actor(ctx, in, t.Request, "review")
	if err == nil {
		err = b.cfg.Requests.Review(ctx, t.Request, by, true, "")
	}
	return b.settle(in, err)
}

// openUnjustified asks what was wrong.
func (b *Bot) openUnjustified(_ context.Context, in payload.Interaction, t cards.Target) error {
	v := blocks.Modal("Not justified", "Send", "Cancel", wordsInput("What was wrong about it?", "It is kept on the ticket. What is left of the access ends now.", "Why was this no emergency?"))
	v.CallbackID, v.PrivateMetadata = callbackUnjustified, t.String()
	b.later("open the review form", func(ctx context.Context) error { return b.open(ctx, in, v) })
	return nil
}

func (b *Bot) submitUnjustified(ctx context.Context, in payload.Interaction) ([]byte, error) {
	t := cards.TargetOf(in.View.Metadata)
	by, err := b.actor(ctx, in, t.Request, "review")
	if err == nil {
		err = b.cfg.Requests.Review(ctx, t.Request, by, false, in.View.State.Values.Text(blockReason, actionReason))
	}
	return b.answered(ctx, t.Request, blockReason, err)
}
