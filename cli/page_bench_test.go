package cli

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"latchkey/sandbox"
)

// BenchmarkPage measures the page with 500 people and 200 messages: from the request of it to its first picture, and from
// what somebody presses or types to the picture that shows it, as the browser itself tells (in steps of 8 ms).
func BenchmarkPage(b *testing.B) {
	v := visit(b, sandbox.Invented(500), guided())
	maya, _ := v.tell.World.Slack.UserByName("maya")
	for n := range 200 {
		if _, err := v.tell.World.Slack.Say(b.Context(), maya.ID, "C0GENERAL", "", fmt.Sprintf("Message %d, with *some* words in it", n)); err != nil {
			b.Fatal(err)
		}
	}
	v = v.tab("/?in=general")
	var painted float64
	v.do("ask for the first paint", func(ctx context.Context) error {
		return v.Ask(ctx, "performance.getEntriesByName('first-contentful-paint')[0].startTime", &painted)
	})
	v.sees("(window.took = [], new PerformanceObserver((l) => l.getEntries().forEach((e) => took.push(e.duration))).observe({type: 'event', durationThreshold: 16, buffered: true}), true)")
	var begun []time.Duration
	for b.Loop() {
		for n := range 20 {
			at := time.Now()
			v.press(fmt.Sprintf("#people li:nth-child(%d) a", 2+n%8))
			v.press("#places a[href*='in=general']")
			v.press("#composer input")
			v.types("hello")
			v.key("Backspace")
			begun = append(begun, time.Since(at))
		}
	}
	v.sees("new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(true), 100)))")
	var took []float64
	v.do("ask for what it took", func(ctx context.Context) error { return v.Ask(ctx, "took", &took) })
	slices.Sort(took)
	b.ReportMetric(painted, "first-paint-ms")
	b.ReportMetric(float64(len(took)), "inputs-over-16ms")
	if len(took) > 0 {
		b.ReportMetric(took[len(took)*95/100], "p95-ms-of-these")
	}
	b.ReportMetric(float64(slices.Max(begun).Milliseconds()), "slowest-round-ms")
}
