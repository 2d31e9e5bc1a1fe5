/** Colours, sizes and the few corrections that make Mantine readable at 4.5:1 everywhere. */
import { createTheme, defaultVariantColorsResolver, parseThemeColor, type MantineColorsTuple, type VariantColorsResolver } from '@mantine/core';

const brand: MantineColorsTuple = ['#edf2ff', '#dae4ff', '#b3c6fb', '#89a6f5', '#6688ef', '#4f75eb', '#3f68e0', '#2f55c8', '#2749ad', '#1b3a90'];

/** The greys of the dark, cool as the page's own, from text to depth. */
const dark: MantineColorsTuple = ['#d9dee6', '#b3bbc7', '#9aa4b2', '#6b7482', '#3a414b', '#2d323a', '#22262c', '#1a1d22', '#14161a', '#0f1114'];

/** The "light" variant misses the contrast in several colours; this darkens its text, or lightens it in the dark. */
const readableLightVariant: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  if (input.variant === 'subtle' && input.color === 'gray') return { ...colors, color: 'var(--text-2)' }; // signs and side actions stand back
  const parsed = parseThemeColor({ color: input.color || input.theme.primaryColor, theme: input.theme });
  if (input.variant !== 'light' || !parsed.isThemeColor) return colors;
  const name = `--mantine-color-${parsed.color}`;
  return { ...colors, color: `light-dark(color-mix(in srgb, var(${name}-9), black 30%), var(${name}-2))` };
};

export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: { light: 7, dark: 7 },
  autoContrast: true,
  variantColorResolver: readableLightVariant,
  colors: { brand, dark },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.25rem' }, h2: { fontSize: '1rem' }, h3: { fontSize: '0.875rem' } } },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true, fz: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Badge: { styles: { label: { fontWeight: 550 } }, vars: () => ({ root: { '--badge-fz': '0.6875rem' } }) },
    Button: { defaultProps: { size: 'sm' } },
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 0 } } },
    Modal: { defaultProps: { transitionProps: { duration: 100 }, overlayProps: { backgroundOpacity: 0.35 } } },
    InputWrapper: { styles: { label: { marginBottom: 3 }, description: { color: 'var(--text-3)', fontSize: '0.75rem', marginBottom: 2 }, error: { fontSize: '0.75rem' } } },
    Select: { defaultProps: { size: 'sm', allowDeselect: false, comboboxProps: { shadow: 'md' } } },
  },
});
