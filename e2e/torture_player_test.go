package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"latchkey/sandbox/harness"
	"latchkey/sandbox/slack"
)

// player acts as people do while the bot is killed.
type player struct {
	*torture
	acts *harness.Harness
	most int // kills
	held int // rounds that were begun
}

// newPlayer has the bot killed so often, unless TORTURE_KILLS says otherwise.
func newPlayer(t *testing.T, kills int) *player {
	if n, err := strconv.Atoi(os.Getenv("TORTURE_KILLS")); err == nil {
		kills = max(n, 1)
	}
	w := newTorture(t, 2*time.Minute+time.Duration(kills)*10*time.Second)
	return &player{torture: w, most: kills, acts: &harness.Harness{World: w.world, Timeout: 2 * time.Second}}
}

// rounds play a round again and again, in each of which the bot dies once more at each point of a kind, until it has died often
// enough or doesn't die any more. Then it is looked what is left.
func (p *player) rounds(t *testing.T, kind func(label string) bool, round func() error) *aftermath {
	over, running := p.live()
	for before := -1; before != p.deathToll() && p.deathToll() < p.most && p.ctx.Err() == nil && !t.Failed(); {
		before = p.deathToll()
		p.held++
		p.deadly(kind)
		if err := round(); err != nil {
			t.Errorf("round %d: %v", p.held, err)
		}
	}
	p.setPlan(nil, nil)
	p.rest()
	over()
	if err := <-running; err != nil {
		t.Fatal(err)
	}
	return p.judge(t)
}

// deadly has the bot die at each point of a kind, until it has done so there as often as rounds were begun.
func (p *player) deadly(kind func(label string) bool) {
	held := p.held
	p.setPlan(func(label string) bool { return p.kills < p.most && p.killed[label] < held && kind(label) }, nil)
}

// report reports what is broken.
func (p *player) report(t *testing.T, broken []string) {
	for _, one := range broken {
		t.Error(one)
	}
	if p.kills < min(p.most, 10) {
		t.Errorf("the bot was killed %d times only", p.kills)
	}
	if t.Failed() {
		t.Logf("the end of the bot's log:\n%s", p.tail())
	}
}

// do carries out lines, and stops at the first that fails.
func (p *player) do(lines ...string) error {
	for _, line := range lines {
		words, err := harness.Line(line)
		if err == nil {
			_, err = p.acts.Do(p.ctx, words...)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", line, err)
		}
	}
	return nil
}

// again does something until it worked: whoever presses a button of a bot that has just died presses it again.
func (p *player) again(what string, do func() error) error {
	defer p.waiting()()
	var last error
	for range 40 {
		if _, err := p.alive(); err != nil {
			return fmt.Errorf("%s: %w", what, errors.Join(err, last))
		}
		if last = do(); last == nil {
			return nil
		}
	}
	return fmt.Errorf("%s: %w", what, last)
}

// told counts what the IT channel reads.
func (p *player) told(words string) (n int) {
	for _, m := range p.world.Slack.Messages(itChannel) {
		if strings.Contains(slack.Render(m), words) {
			n++
		}
	}
	return n
}

// sees waits until the IT channel reads something so often.
func (p *player) sees(words string, times int) error {
	ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
	defer cancel()
	return p.world.Eventually(ctx, func() error {
		if n := p.told(words); n < times {
			return fmt.Errorf("%q stands in the channel %d times", words, n)
		}
		return nil
	})
}
