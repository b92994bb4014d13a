using System.IO.Pipelines;
using System.Text;
using Alongside.Core.Session;
using Alongside.Host.Consent;
using Alongside.Host.Consent.Terminal;

namespace Alongside.Host.Tests.Consent;

public sealed class ConsentWordsTests
{
    private static readonly ConsentQuestion All = new(1, "Anna", "support.example", "418207", Grant.All, Grant.None);

    [Fact]
    public void A_first_question_starts_with_looking_only_and_a_widening_one_with_what_it_asks()
    {
        Assert.Equal(new Grant(true, false, false), new QuestionState(All).Answer);
        var widening = new QuestionState(All with { Asked = new(true, true, false), Has = new(true, false, false) });
        Assert.Equal(new Grant(false, true, false), widening.New);
        Assert.Equal(new Grant(true, true, false), widening.Answer);
        Assert.Equal(new Grant(true, false, false), widening.Refused);
    }

    [Fact]
    public void Nobody_controls_what_they_do_not_see()
    {
        var state = new QuestionState(All);
        state.ToggleControl();
        state.ToggleView();
        Assert.Equal(Grant.None, state.Answer);
        Assert.False(state.CanAllow);
        state.ToggleControl();
        Assert.Equal(new Grant(true, true, false), state.Answer);
    }

    [Fact]
    public void What_was_not_asked_cannot_be_switched_on()
    {
        var state = new QuestionState(All with { Asked = new(true, false, false) });
        state.ToggleControl();
        state.ToggleClipboard();
        Assert.Equal(new Grant(true, false, false), state.Answer);
    }

    [Fact]
    public void Words_follow_what_is_asked_and_chosen()
    {
        Assert.Equal("Anna wants to see your screen", Texts.English.Wants(All with { Asked = new(true, false, false) }));
        Assert.Equal("Anna wants to use your mouse and keyboard", Texts.English.Wants(All with { Asked = new(true, true, false), Has = new(true, false, false) }));
        Assert.Equal("Let them look", Texts.English.Allow(new(true, false, false), Grant.None));
        Assert.Equal("Let them control", Texts.English.Allow(new(true, true, false), Grant.None));
        Assert.Equal("418 207", Texts.Group("418207"));
        Assert.Equal("Anna can use your mouse and keyboard", Texts.English.Present([new(1, "Anna", Grant.All)]));
    }

    [Fact]
    public void Every_text_of_every_language_has_the_same_places()
    {
        foreach (var property in typeof(Texts).GetProperties().Where(property => property.PropertyType == typeof(string)))
        {
            string english = (string)property.GetValue(Texts.English)!, german = (string)property.GetValue(Texts.German)!;
            Assert.True(english.Contains("{0}", StringComparison.Ordinal) == german.Contains("{0}", StringComparison.Ordinal), property.Name);
            Assert.True(english.Contains("{1}", StringComparison.Ordinal) == german.Contains("{1}", StringComparison.Ordinal), property.Name);
        }
    }

    [Theory]
    [InlineData("ALONGSIDE_THEME", "dark", true)]
    [InlineData("ALONGSIDE_THEME", "light", false)]
    [InlineData("GTK_THEME", "Adwaita:dark", true)]
    [InlineData("GTK_THEME", "Adwaita", false)]
    [InlineData("HOME", "/nowhere", false)]
    public void The_theme_is_the_settings_or_the_desktops(string name, string value, bool dark) =>
        Assert.Equal(dark, Palette.IsDark(asked => asked == name ? value : asked == "HOME" ? "/nowhere" : null));

    [Fact]
    public async Task A_terminal_asks_a_power_at_a_time_and_stops_at_s()
    {
        var pipe = new Pipe();
        using var typing = new StreamWriter(pipe.Writer.AsStream()) { AutoFlush = true };
        var shown = new StringWriter();
        using var consent = new TerminalConsent(new StreamReader(pipe.Reader.AsStream(), Encoding.UTF8), shown);
        var stopped = new TaskCompletionSource();
        consent.StopPressed += stopped.SetResult;

        var answer = consent.AskAsync(All, default);
        Assert.True(consent.IsAsking);
        await typing.WriteLineAsync("y");
        await typing.WriteLineAsync("n");
        await typing.WriteLineAsync("y");
        Assert.Equal(new Grant(true, false, true), await answer.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Contains("418 207", shown.ToString(), StringComparison.Ordinal);

        answer = consent.AskAsync(All, default);
        await typing.WriteLineAsync("");
        Assert.Equal(Grant.None, await answer.WaitAsync(TimeSpan.FromSeconds(20)));

        consent.ShowGuests([new(1, "Anna", Grant.All)]);
        await typing.WriteLineAsync("s");
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }
}
