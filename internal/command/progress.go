package command

import (
	"io"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// Progress draws a bar for long work on a terminal, and nothing anywhere else.
type Progress struct {
	container *mpb.Progress
	bar       *mpb.Bar
}

// NewProgress starts a bar for total bytes. w is the terminal; with terminal false nothing is ever drawn.
func NewProgress(w io.Writer, terminal bool, name string, total int64) *Progress {
	if !terminal || total <= 0 {
		return &Progress{}
	}
	c := mpb.New(mpb.WithOutput(w), mpb.WithWidth(48))
	bar := c.AddBar(total,
		mpb.PrependDecorators(decor.Name(name, decor.WCSyncSpaceR), decor.CountersKibiByte("% .1f / % .1f")),
		mpb.AppendDecorators(decor.Percentage(decor.WCSyncSpace), decor.AverageSpeed(decor.SizeB1024(0), " % .1f"), decor.AverageETA(decor.ET_STYLE_GO, decor.WCSyncSpace)),
		mpb.BarRemoveOnComplete(),
	)
	return &Progress{container: c, bar: bar}
}

// Set says how many bytes are done. It may be called from any goroutine.
func (p *Progress) Set(done int64) {
	if p.bar != nil {
		p.bar.SetCurrent(done)
	}
}

// Done removes the bar; it may be called more than once.
func (p *Progress) Done() {
	if p.bar == nil {
		return
	}
	p.bar.Abort(true)
	p.container.Wait()
	p.bar = nil
}
