package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"latchkey/sandbox/harness"
)

// chapter is one part of the tour: what a person does, then what everybody
// sees. Every line is carried out in the emulated services; nothing is read from
// Latchkey's own store.
type chapter struct {
	title string
	lines []string
}

// tourChapters is the whole story.
func tourChapters() []chapter {
	return []chapter{
		approvedChapter(),
		deniedChapter(),
		ownChapter(),
		manualChapter(),
		failureChapter(),
		channelChapter(),
		extensionChapter(),
		emergencyChapter(),
		reviewChapter(),
		reclaimChapter(),
	}
}

func approvedChapter() chapter {
	return chapter{"A request, approved in a direct message, ends on time", []string{
		"slack maya '/access'",
		"slack maya submit app=figma role=editor for=6h reason='Launch assets for Monday'",
		"jira IT-1 status 'Waiting for approval'",
		"jira IT-1 reporter maya",
		"dm noor 'Maya Lind … Figma … Editor … 6 hours … Launch assets for Monday'",
		"! okta has figma-editors maya",
		"slack noor click Approve",
		"okta has figma-editors maya",
		"jira IT-1 status Granted",
		"jira IT-1 internal 'Approved in Slack by Noor Haddad … is Maya Lind''s manager in Okta'",
		"jira IT-1 internal 'figma-editors'",
		"jira IT-1 property 'Phase…active'",
		"dm maya 'in: Figma · Editor'",
		"clock +6h",
		"! okta has figma-editors maya",
		"jira IT-1 status Closed",
		"jira IT-1 comment 'Read back: is not a member any more'",
		"jira issues 1",
	}}
}

func deniedChapter() chapter {
	return chapter{"A denial, with its reason", []string{
		"slack sam '/access'",
		"slack sam submit app=netsuite role=viewer reason='Quarter-end close'",
		"slack lena click Deny",
		"slack lena submit reason='Please use the read-only report instead'",
		"jira IT-2 status Declined",
		"jira IT-2 public 'Please use the read-only report instead'",
		"dm sam 'Please use the read-only report instead'",
	}}
}

func ownChapter() chapter {
	return chapter{"Nobody approves for themselves", []string{
		"slack noor '/access'",
		"slack noor submit app=figma role=admin reason='Set up the team library'",
		"jira IT-3 status 'Waiting for approval'",
		"dm grace 'Noor Haddad … Figma'",
		"! dm noor 'Approve … Deny … Set up the team library'",
		"jira IT-3 waits '… Grace Kim'",
	}}
}

func manualChapter() chapter {
	return chapter{"An app that a person sets up manually", []string{
		"slack maya '/access'",
		"slack maya submit app=pixelshop role=retoucher reason='Retouch the campaign photos'",
		"slack noor click Approve",
		"jira IT-4 status 'Waiting for support'",
		"dm ines 'Maya Lind'",
		"slack ines click 'It''s done'",
		"jira IT-4 status Granted",
	}}
}

func failureChapter() chapter {
	return chapter{"A failure becomes visible, and a click mends it", []string{
		"okta fault PUT /api/v1/groups/ status=403 times=all",
		"slack tom '/access'",
		"slack tom submit app=figma role=editor for=30d reason='Review the new flows'",
		"slack priya click Approve",
		"channel #it-access 'Figma … Tom Reyes'",
		"jira IT-5 status 'Needs attention'",
		"! okta has figma-editors tom",
		"okta clear",
		"slack ines click Retry in #it-access",
		"okta has figma-editors tom",
		"jira IT-5 status Granted",
	}}
}

func channelChapter() chapter {
	return chapter{"A channel is asked; nobody presses Approve for themselves", []string{
		"slack maya '/access'",
		"slack maya submit app=adobe-cc role=single-app for=30d reason='Cut the launch film'",
		"channel #design-access 'Maya Lind asks for Adobe Creative Cloud … Cut the launch film … Approve'",
		"dm maya 'You asked for Adobe Creative Cloud'",
		"slack maya click 'Approve in #design-access'",
		"whisper maya 'Nobody decides on their own access'",
		"! okta has adobe-single maya",
		"jira IT-6 status 'Waiting for approval'",
		"slack noor click 'I''m looking at it in #design-access'",
		"channel #design-access 'Noor Haddad is looking at it'",
		"slack noor click 'More in #design-access'",
		"slack noor click 'Ask a question'",
		"slack noor submit reason='Until when?'",
		"thread maya 'Noor Haddad … asks: … Until when?'",
		"slack maya thread 'Until the launch, in two weeks'",
		"jira IT-6 internal 'Said in Slack by Maya Lind … Until the launch'",
		"slack noor click 'Approve in #design-access'",
		"okta has adobe-single maya",
		"jira IT-6 status Granted",
	}}
}

func extensionChapter() chapter {
	return chapter{"A reminder, an extension without a gap, and giving it back", []string{
		"clock +20d",
		"! dm maya 'Adobe … ends soon'",
		"clock +4d",
		"dm maya 'Adobe Creative Cloud … ends soon … Extend … Give it back'",
		"slack maya click Extend",
		"slack maya submit more=30d reason='The launch moved'",
		"view maya 'Extended by 30 days'",
		"slack maya close",
		"jira IT-6 public 'Extended until'",
		"clock +10d",
		"okta has adobe-single maya",
		"slack maya click 'Give it back about Adobe Creative Cloud'",
		"! okta has adobe-single maya",
		"dm maya 'Given back by you … before its time'",
		"jira IT-6 status Closed",
	}}
}

func emergencyChapter() chapter {
	return chapter{"An emergency: at once, told to everybody, and reviewed to its end", []string{
		"clock Monday",
		"slack tom '/access emergency'",
		"slack tom submit break_glass_role='Production database · Read only' break_glass_time=1h reason='Payments are down'",
		"slack tom submit typed='Production database'",
		"slack tom close",
		"okta has proddb-readonly tom",
		"jira IT-8 status Granted",
		"jira IT-8 public 'Taken in an emergency, without an approval, in Slack by Tom Reyes'",
		"dm priya 'Tom Reyes took Production database'",
		"channel #it-access 'Emergency: Production database'",
		"clock +61m",
		"! okta has proddb-readonly tom",
		"clock +1d",
		"dm priya '1 task waits for you … Was it right that Tom Reyes took Production database'",
		"slack priya click Justified",
		"jira IT-8 internal 'Found justified in Slack by Priya Nair'",
		"jira IT-8 status Closed",
	}}
}

func reviewChapter() chapter {
	return chapter{"An access review: read, asked, revoked, seen to be gone, and its evidence checked offline", []string{
		"okta add notion-members maya",
		"slack ines '/access review'",
		"slack ines click Begin",
		"channel #it-access 'The access review … Everything, by managers … was read and waits for you'",
		"slack ines close",
		"slack ines '/access review'",
		"slack ines click Show",
		"view ines 'Who is asked … Noor Haddad'",
		"slack ines click Start",
		"slack ines close",
		"dm noor '… of the review … Everything, by managers'",
		"slack noor click Review",
		"view noor 'Maya Lind … Notion Member … Nobody asked for it here … Suggested: revoke'",
		"slack noor submit 'Maya Lind: Notion Member=Revoke'",
		"slack noor submit 'Revoke Maya Lind: Notion Member=Not on that team any more'",
		"slack noor close",
		"okta has notion-members maya",
		"clock +24h",
		"clock +2m",
		"! okta has notion-members maya",
		"dm maya 'Your access to Notion … is being removed … revoked at an access review'",
		"jira 'IT-* Revoked by a review' public 'Gone: it was seen in the directory'",
		"clock +25h",
		"channel #it-access 'is closed … 1 membership: … 1 removed and seen to be gone … attached to IT-9'",
		"jira IT-9 file access-review-RV",
		"jira IT-9 internal 'The evidence of this review is attached … SHA-256 … It was read back'",
		"latchkey evidence verify IT-9",
		"! latchkey evidence verify IT-9 with one byte changed",
	}}
}

func reclaimChapter() chapter {
	return chapter{"A seat that nobody uses: asked about, given up by silence, and had back with a click", []string{
		"okta app 'Adobe Creative Cloud' adobe-single adobe-all",
		"okta uses 'Adobe Creative Cloud' noor",
		"slack maya '/access'",
		"slack maya submit app=adobe-cc role=single-app for=180d reason='Cut the summer film'",
		"slack noor click 'Approve in #design-access'",
		"okta has adobe-single maya",
		"jira IT-11 status Granted",
		"okta uses 'Adobe Creative Cloud' maya",
		"clock +61d",
		"dm maya 'Do you still need Adobe Creative Cloud … Last used … System Log … Still need it … Give it back … Remind me in 30 days'",
		"jira IT-12 description 'Idle seat: Adobe Creative Cloud'",
		"okta has adobe-single maya",
		"clock +6d",
		"dm maya 'waits for you: Do you still need Adobe Creative Cloud'",
		"clock +2d",
		"! okta has adobe-single maya",
		"jira IT-12 internal 'Gone: it was seen in the directory'",
		"dm maya 'Taken away, as nobody used it … I need it again'",
		"clock Monday", // so that this happens in the week that is told of, on whatever day the tour began
		"slack maya click 'I need it again'",
		"okta has adobe-single maya",
		"jira IT-12 internal 'It is given back, by the approval that it had before'",
		"clock Monday",
		"channel #it-access 'The week of … Given … Requests in a week'",
	}}
}

// step is one line of the tour as it went.
type step struct {
	Step  string `json:"step"`
	Actor string `json:"actor"`
	Saw   string `json:"saw"`
	OK    bool   `json:"ok"`
}

// tour plays the chapters. It fails at the first thing that was not seen.
func (d demo) tour(ctx context.Context) error {
	if !d.json {
		fmt.Fprintln(d.out, "Latchkey's tour: an emulated Slack, Jira and Okta, a real bot between them.")
	}
	return d.withBot(ctx, func(ctx context.Context, h *harness.Harness, bot *demoBot) error {
		for _, s := range tourChapters() {
			if err := d.play(ctx, h, auditor{bot.config, h}, s); err != nil {
				return err
			}
		}
		if v := h.Violations(); len(v) > 0 {
			return d.show(step{Step: "the services hold nothing against the bot", Actor: "sandbox"}, errors.New(strings.Join(v, "; ")))
		}
		if !d.json {
			fmt.Fprintln(d.out, "\nEvery step was seen to happen in the emulated services.")
		}
		return nil
	})
}

func (d demo) play(ctx context.Context, h *harness.Harness, checks auditor, s chapter) error {
	if !d.json {
		fmt.Fprintf(d.out, "\n%s\n", s.title)
	}
	for _, line := range s.lines {
		words, err := harness.Line(line)
		if err != nil {
			return fmt.Errorf("tour: %w", err)
		}
		saw, is, err := checks.does(line)
		if !is {
			saw, err = h.Do(ctx, words...)
		}
		if err := d.show(step{Step: line, Actor: actor(words), Saw: saw}, err); err != nil {
			return err
		}
	}
	return nil
}

// actor is who does or is looked at in a line.
func actor(words []string) string {
	if words[0] == "!" {
		words = words[1:]
	}
	if words[0] == "slack" || words[0] == "dm" || words[0] == "view" || words[0] == "thread" || words[0] == "whisper" {
		return words[1]
	}
	return words[0]
}

// show prints a step; a step that failed is the tour's error.
func (d demo) show(s step, failed error) error {
	s.OK = failed == nil
	if failed != nil {
		s.Saw = failed.Error()
	}
	if d.json {
		if err := json.NewEncoder(d.out).Encode(s); err != nil {
			return fmt.Errorf("print a step: %w", err)
		}
	} else {
		d.print(s)
	}
	if failed != nil {
		return fmt.Errorf("the tour stopped: %q was not seen to happen", s.Step)
	}
	return nil
}

func (d demo) print(s step) {
	mark := "ok  "
	if !s.OK {
		mark = "FAIL"
	}
	fmt.Fprintf(d.out, "  %s %s\n", mark, s.Step)
	for line := range strings.SplitSeq(strings.TrimSpace(s.Saw), "\n") {
		fmt.Fprintf(d.out, "         %s\n", line)
	}
}
