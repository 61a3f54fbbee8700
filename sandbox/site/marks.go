package site

import (
	"context"
	"strings"

	"latchkey/sandbox/slack/world"
)

// marks are what people have not read yet, and what they look at.
type marks struct {
	unread  map[string]map[string]int // by person and channel
	looking map[string]int            // open pages, by person and channel
}

func newMarks() marks {
	return marks{unread: map[string]map[string]int{}, looking: map[string]int{}}
}

// post is a message that somebody is told of.
type post struct {
	Seq  uint64
	User string // on whose phone
	world.Message
}

// kept is how many messages are remembered for pages that show them as banners.
const kept = 200

// follow notes what is posted, until ctx ends.
func (s *Site) follow(ctx context.Context, after uint64) {
	for {
		for c, err := range s.world.Slack.Follow(ctx, after) {
			if err != nil {
				break // too much at once: from now on
			}
			if channel, ts, ok := strings.Cut(c.Subject, "/"); ok && c.Kind == "message.posted" {
				s.posted(c.Seq, channel, ts)
			}
		}
		if ctx.Err() != nil {
			return
		}
		after = s.world.Slack.Snapshot().Seq
	}
}

// posted counts a message for those who haven't seen it.
func (s *Site) posted(seq uint64, channel, ts string) {
	m, there := s.world.Slack.Message(channel, ts)
	if !there || m.Ephemeral {
		return
	}
	c, there := s.channel(channel)
	if !there {
		return
	}
	s.mu.Lock()
	for _, id := range c.Members {
		if id != m.User && s.read.looking[id+"/"+channel] == 0 {
			s.read.add(id, channel)
		}
	}
	if c.IM && m.User != c.User {
		s.posts = append(s.posts, post{seq, c.User, m})
		s.posts = s.posts[max(0, len(s.posts)-kept):]
	}
	s.mu.Unlock()
	s.touch()
}

func (m *marks) add(person, channel string) {
	if m.unread[person] == nil {
		m.unread[person] = map[string]int{}
	}
	m.unread[person][channel]++
}

// look notes that a page shows somebody a channel; the function ends it.
func (s *Site) look(person, channel string) (end func()) {
	key := person + "/" + channel
	s.mu.Lock()
	s.read.looking[key]++
	had := s.read.unread[person][channel] > 0
	delete(s.read.unread[person], channel)
	s.mu.Unlock()
	if had {
		s.touch()
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.read.looking[key]--; s.read.looking[key] == 0 {
			delete(s.read.looking, key)
		}
	}
}

// unread is how many messages somebody hasn't read, by channel.
func (s *Site) unread(person string) map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]int{}
	for channel, n := range s.read.unread[person] {
		out[channel] = n
	}
	return out
}

// since are the messages that people were told of after one.
func (s *Site) since(seq uint64) (out []post, last uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last = seq
	for _, p := range s.posts {
		if p.Seq > seq {
			out, last = append(out, p), p.Seq
		}
	}
	return out, last
}

func (s *Site) channel(id string) (world.Channel, bool) {
	for _, c := range s.world.Slack.Channels() {
		if c.ID == id {
			return c, true
		}
	}
	return world.Channel{}, false
}
