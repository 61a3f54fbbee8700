package summary

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"latchkey/evidence/anchor"
	"latchkey/evidence/pack"
)

// Review is a campaign whose rows were counted.
type Review struct {
	Campaign pack.Campaign // with an empty list where there is none
	Summary  Summary
	Head     anchor.Checkpoint // of the log that the pack is made beside; zero: none
}

// Names are the names of reviewers, by their ids, which are what rows name them by.
func (r *Review) Names() map[string]string {
	out := map[string]string{}
	for _, one := range r.Campaign.Reviewers {
		out[one.ID] = one.Name
	}
	return out
}

// headOf reads the head of the log that the pack is made beside.
func headOf(c pack.Campaign) (head anchor.Checkpoint, err error) {
	signed := c.Tool.Checkpoint
	if signed == "" {
		return head, nil
	}
	text, _, _ := strings.Cut(signed, "\n\n")
	if head, err = anchor.ParseCheckpoint(text + "\n"); err != nil {
		return head, fmt.Errorf("the checkpoint of the log for the review %s can't be read: %w", c.ID, err)
	}
	return head, nil
}

// Each walks through all rows, and sees that they are those that were counted.
func (r *Review) Each(ctx context.Context, do func(pack.Row) error) error {
	n := 0
	for row, err := range r.Campaign.Rows {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = do(row)
		}
		if err != nil {
			return err
		}
		n++
	}
	if n != r.Summary.Rows {
		return fmt.Errorf("the campaign had %d rows at first and %d now: a pack has to be made from one view of the store", r.Summary.Rows, n)
	}
	return nil
}

// ByKey are the groups by their keys.
func (r *Review) ByKey() map[string]pack.Group {
	out := map[string]pack.Group{}
	for _, g := range r.Campaign.Groups {
		out[g.Key] = g
	}
	return out
}

// check refuses what no honest pack can be made of. All faults are told at once.
func check(c pack.Campaign) error {
	var faults []error
	for _, f := range []struct {
		bad bool
		why string
	}{
		{c.ID == "" || strings.ContainsAny(c.ID, "\n\r"), "the campaign has no id"},
		{c.Rows == nil, "the campaign has no rows to walk through"},
		{c.Times.Made.IsZero(), "it isn't said when the pack is made"},
		{c.Times.Snapshot.IsZero(), "it isn't said as of which moment the rows are"},
		{c.Tool.Log == "", "it isn't said which log the campaign is in"},
		{len(c.Scope.Blind) == 0, "it isn't said what the review does not cover: every review leaves something out, such as apps outside the directories"},
	} {
		if f.bad {
			faults = append(faults, errors.New(f.why))
		}
	}
	keys := map[string]bool{}
	for _, g := range c.Groups {
		if g.Key == "" || keys[g.Key] {
			faults = append(faults, fmt.Errorf("the group %s of %s has the key %q, which has to be its own", g.ID, g.Directory, g.Key))
		}
		keys[g.Key] = true
	}
	if len(faults) > 0 {
		return fmt.Errorf("no evidence of the review %s can be written: %w", c.ID, errors.Join(faults...))
	}
	return nil
}
