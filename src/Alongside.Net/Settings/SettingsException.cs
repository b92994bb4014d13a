namespace Alongside.Net.Settings;

/// <summary>What is wrong with the settings, in words for the person who gave them.</summary>
public sealed class SettingsException(string reason) : Exception(reason);
