/** How our own hosts draw cards: sizes and colours close to those of Teams. Data for the `HostConfig` of `adaptivecards`. */
export function hostConfig(theme: 'light' | 'dark'): object {
  const colours = palettes[theme];
  return {
    supportsInteractivity: true,
    fontFamily: 'Segoe UI, system-ui, -apple-system, Helvetica Neue, Arial, sans-serif',
    fontTypes: {
      default: { fontFamily: 'Segoe UI, system-ui, -apple-system, Helvetica Neue, Arial, sans-serif' },
      monospace: { fontFamily: 'Cascadia Mono, Consolas, Menlo, monospace' },
    },
    fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
    fontWeights: { lighter: 200, default: 400, bolder: 600 },
    lineHeights: { small: 16, default: 20, medium: 22, large: 24, extraLarge: 32 },
    spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: colours.line },
    imageSizes: { small: 32, medium: 52, large: 100 },
    containerStyles: {
      default: containerStyle(colours.ground, colours),
      emphasis: containerStyle(colours.raised, colours),
      accent: containerStyle(colours.accentGround, colours),
      good: containerStyle(colours.goodGround, colours),
      warning: containerStyle(colours.warningGround, colours),
      attention: containerStyle(colours.attentionGround, colours),
    },
    actions: {
      maxActions: 6,
      spacing: 'default',
      buttonSpacing: 8,
      showCard: { actionMode: 'inline', inlineTopMargin: 12, style: 'emphasis' },
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
    },
    adaptiveCard: { allowCustomStyle: false },
    table: { cellSpacing: 8 },
    textBlock: { headingLevel: 3 },
  };
}

interface Palette {
  ground: string;
  raised: string;
  line: string;
  text: string;
  subtle: string;
  accent: string;
  good: string;
  warning: string;
  attention: string;
  accentGround: string;
  goodGround: string;
  warningGround: string;
  attentionGround: string;
}

const palettes: Record<'light' | 'dark', Palette> = {
  light: {
    ground: '#ffffff',
    raised: '#f5f5f5',
    line: '#e0e0e0',
    text: '#242424',
    subtle: '#616161',
    accent: '#0f6cbd',
    good: '#0e700e',
    warning: '#8a3707',
    attention: '#b10e1c',
    accentGround: '#ebf3fc',
    goodGround: '#f1faf1',
    warningGround: '#fff4e0',
    attentionGround: '#fdf3f4',
  },
  dark: {
    ground: '#292929',
    raised: '#333333',
    line: '#525252',
    text: '#ffffff',
    subtle: '#bdbdbd',
    accent: '#62abf5',
    good: '#7fd17f',
    warning: '#faa06b',
    attention: '#f1828d',
    accentGround: '#0a2e4a',
    goodGround: '#052505',
    warningGround: '#411200',
    attentionGround: '#3b0509',
  },
};

function containerStyle(backgroundColor: string, colours: Palette): object {
  return {
    backgroundColor,
    borderColor: colours.line,
    foregroundColors: {
      default: { default: colours.text, subtle: colours.subtle },
      dark: { default: colours.text, subtle: colours.subtle },
      light: { default: colours.subtle, subtle: colours.subtle },
      accent: { default: colours.accent, subtle: colours.accent },
      good: { default: colours.good, subtle: colours.good },
      warning: { default: colours.warning, subtle: colours.warning },
      attention: { default: colours.attention, subtle: colours.attention },
    },
  };
}
