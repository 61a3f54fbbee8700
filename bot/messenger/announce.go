package messenger

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"latchkey/bot/cards"
	"latchkey/bot/webapi"
	"latchkey/workflow/notify"
)

// Ready looks whether the IT channel can be written to. Errors are *access.Failure.
func (m *Messenger) Ready(ctx context.Context) error {
	id, err := m.channels.itChannel(ctx)
	if err != nil {
		return err
	}
	ch, err := m.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
	if err == nil && !ch.IsArchived {
		if !ch.IsMember {
			m.channels.join(ctx, id)
		}
		return nil
	}
	m.channels.forget(id)
	if err == nil {
		err = slack.SlackErrorResponse{Err: "is_archived"}
	}
	return webapi.Failure(err, webapi.Call{What: "write to " + m.channels.it, Scope: "channels:read"})
}

// Announce posts a message that belongs to no request, to a person or the IT
// channel. Errors are *access.Failure; after Unclear the next try should be made
// with Again, which looks for the message before it posts.
func (m *Messenger) Announce(ctx context.Context, n notify.Announcement) error {
	u := notify.CardUpdate{Audience: notify.ToIT, Reader: n.To, Marker: n.Marker}
	if n.To.ID != "" {
		u.Audience = notify.ToRequester
	}
	channel, err := m.channelOf(ctx, u, n.Again)
	if err != nil {
		return err
	}
	if n.Again {
		found, err := m.find(ctx, channel, n.Marker, n.Since)
		if err != nil || found.TS != "" {
			return err
		}
	}
	drawing := m.drawing(ctx, n.Urgent && n.To.ID == "")
	if n.Picture == nil {
		_, err = m.post(ctx, channel, n.Marker, drawing.Announcement(n))
		return err
	}
	file, refused := m.upload(ctx, *n.Picture)
	if refused == nil {
		_, err = m.post(ctx, channel, n.Marker, cards.WithPicture(drawing.Announcement(n), file, n.Picture.Alt))
		if webapi.Code(err) != "invalid_blocks" { // it takes the file for none: it may not have looked at it yet
			return err
		}
		refused = err
	}
	n.Lines = append(slices.Clone(n.Lines), fmt.Sprintf("The chart isn't here: Slack doesn't take it (%s). It shows: %s", cmp.Or(webapi.Code(refused), "it can't be reached"), n.Picture.Alt))
	_, err = m.post(ctx, channel, n.Marker, drawing.Announcement(n))
	return err
}

// upload gives Slack a picture, and is told its id. Nobody sees it before a message shows it.
func (m *Messenger) upload(ctx context.Context, p notify.Picture) (file string, err error) {
	f, err := m.api.UploadFileContext(ctx, slack.UploadFileParameters{
		Filename: p.Name, Title: p.Name, AltTxt: p.Alt, FileSize: len(p.PNG), Reader: bytes.NewReader(p.PNG),
	})
	if err != nil {
		return "", err
	}
	return f.ID, nil
}
